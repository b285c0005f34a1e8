namespace FenceSafety.Runtime.Mmu;

/// <summary>
/// Page-table entry of V2: 0 VALID · 2:1 APERTURE · 3 VOL · 4 ENCRYPTED · 5 PRIVILEGE · 6 READ_ONLY · 7 ATOMIC_DISABLE ·
/// 32:8 ADDRESS (video memory, peer) or 53:8 (system) · 35:33 PEER_ID · 55:36 COMPTAGLINE · 63:56 KIND. Addresses are in units of 4 KiB.
/// </summary>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct PteV2(ulong Raw)
{
    /// <summary>Bit 0.</summary>
    public bool IsValid { get => Bits.Get(Raw, 0); init => Raw = Bits.Put(Raw, 0, value); }

    /// <summary>Bits 2:1.</summary>
    public PteAperture Aperture
    {
        get => (PteAperture)Bits.Get(Raw, 2, 1);
        init => Raw = Bits.Put(Raw, 2, 1, (ulong)value, nameof(Aperture));
    }

    /// <summary>Bit 3: bypasses the L2 cache. In an invalid entry: sparse.</summary>
    public bool IsVolatile { get => Bits.Get(Raw, 3); init => Raw = Bits.Put(Raw, 3, value); }

    /// <summary>Bit 4: not for use.</summary>
    public bool IsEncrypted { get => Bits.Get(Raw, 4); init => Raw = Bits.Put(Raw, 4, value); }

    /// <summary>Bit 5. In an invalid entry of a big page: there are no valid small pages beneath.</summary>
    public bool IsPrivileged { get => Bits.Get(Raw, 5); init => Raw = Bits.Put(Raw, 5, value); }

    /// <summary>Bit 6: writes fault.</summary>
    public bool IsReadOnly { get => Bits.Get(Raw, 6); init => Raw = Bits.Put(Raw, 6, value); }

    /// <summary>Bit 7: atomics fault.</summary>
    public bool AtomicDisabled { get => Bits.Get(Raw, 7); init => Raw = Bits.Put(Raw, 7, value); }

    /// <summary>Bits 32:8: frame in video or peer memory.</summary>
    public Pfn VideoFrame
    {
        get => new(Bits.Get(Raw, 32, 8));
        init => Raw = Bits.Put(Raw, 32, 8, value.Raw, nameof(VideoFrame));
    }

    /// <summary>Bits 53:8: frame in system memory. Shares bits with <see cref="PeerId"/> and <see cref="CompressionTagLine"/>.</summary>
    public ulong SystemFrame { get => Bits.Get(Raw, 53, 8); init => Raw = Bits.Put(Raw, 53, 8, value, nameof(SystemFrame)); }

    /// <summary>Bits 35:33: which GPU, for peer memory.</summary>
    public int PeerId { get => (int)Bits.Get(Raw, 35, 33); init => Raw = Bits.Put(Raw, 35, 33, (ulong)value, nameof(PeerId)); }

    /// <summary>Bits 55:36.</summary>
    public int CompressionTagLine
    {
        get => (int)Bits.Get(Raw, 55, 36);
        init => Raw = Bits.Put(Raw, 55, 36, (ulong)value, nameof(CompressionTagLine));
    }

    /// <summary>Bits 63:56.</summary>
    public PteKind Kind { get => (PteKind)Bits.Get(Raw, 63, 56); init => Raw = Bits.Put(Raw, 63, 56, (ulong)value, nameof(Kind)); }

    /// <summary>Whether the entry is invalid but sparse: VALID 0, VOL 1.</summary>
    public bool IsSparse => !IsValid && IsVolatile;
}
