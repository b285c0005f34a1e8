namespace FenceSafety.Runtime.Mmu;

/// <summary>
/// Directory entry of V2: 0 IS_PTE · 2:1 APERTURE · 3 VOL · 5 NO_ATS · 32:8 ADDRESS (video memory) or 53:8 (system) · 35:33 VID_PEER.
/// </summary>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct PdeV2(ulong Raw)
{
    /// <summary>Bit 0: the entry is a page, not a table.</summary>
    public bool IsPte { get => Bits.Get(Raw, 0); init => Raw = Bits.Put(Raw, 0, value); }

    /// <summary>Bits 2:1.</summary>
    public PdeAperture Aperture
    {
        get => (PdeAperture)Bits.Get(Raw, 2, 1);
        init => Raw = Bits.Put(Raw, 2, 1, (ulong)value, nameof(Aperture));
    }

    /// <summary>Bit 3. With no aperture: sparse.</summary>
    public bool IsVolatile { get => Bits.Get(Raw, 3); init => Raw = Bits.Put(Raw, 3, value); }

    /// <summary>Bit 5: no address translation service.</summary>
    public bool NoAts { get => Bits.Get(Raw, 5); init => Raw = Bits.Put(Raw, 5, value); }

    /// <summary>Bits 32:8: the table's frame in video memory.</summary>
    public Pfn VideoFrame
    {
        get => new(Bits.Get(Raw, 32, 8));
        init => Raw = Bits.Put(Raw, 32, 8, value.Raw, nameof(VideoFrame));
    }

    /// <summary>Bits 53:8: the table's frame in system memory.</summary>
    public ulong SystemFrame { get => Bits.Get(Raw, 53, 8); init => Raw = Bits.Put(Raw, 53, 8, value, nameof(SystemFrame)); }

    /// <summary>Bits 35:33.</summary>
    public int PeerId { get => (int)Bits.Get(Raw, 35, 33); init => Raw = Bits.Put(Raw, 35, 33, (ulong)value, nameof(PeerId)); }

    /// <summary>Whether there is a table: not a page, and some aperture.</summary>
    public bool IsValid => !IsPte && Aperture != PdeAperture.Invalid;

    /// <summary>Whether there is no table, but the range is sparse.</summary>
    public bool IsSparse => !IsPte && Aperture == PdeAperture.Invalid && IsVolatile;
}
