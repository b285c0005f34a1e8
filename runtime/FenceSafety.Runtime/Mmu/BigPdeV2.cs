namespace FenceSafety.Runtime.Mmu;

/// <summary>
/// Low (big-page) half of a V2 dual entry: 0 IS_PTE · 2:1 APERTURE · 3 VOL · 5 NO_ATS · 32:4 ADDRESS (video memory) or 53:4 (system) in
/// units of 256 bytes · 35:33 VID_PEER.
/// </summary>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct BigPdeV2(ulong Raw)
{
    /// <summary>Bit 0: the half is a page of 2 MiB.</summary>
    public bool IsPte { get => Bits.Get(Raw, 0); init => Raw = Bits.Put(Raw, 0, value); }

    /// <summary>Bits 2:1.</summary>
    public PdeAperture Aperture
    {
        get => (PdeAperture)Bits.Get(Raw, 2, 1);
        init => Raw = Bits.Put(Raw, 2, 1, (ulong)value, nameof(Aperture));
    }

    /// <summary>Bit 3. With no aperture in both halves: sparse.</summary>
    public bool IsVolatile { get => Bits.Get(Raw, 3); init => Raw = Bits.Put(Raw, 3, value); }

    /// <summary>Bit 5: no address translation service. The video-memory address begins below it, so it reads that address's bit.</summary>
    public bool NoAts { get => Bits.Get(Raw, 5); init => Raw = Bits.Put(Raw, 5, value); }

    /// <summary>Bits 32:4: the big table's address in video memory, in units of 256 bytes.</summary>
    public ulong VideoUnit { get => Bits.Get(Raw, 32, 4); init => Raw = Bits.Put(Raw, 32, 4, value, nameof(VideoUnit)); }

    /// <summary>Bits 53:4: the big table's address in system memory, in units of 256 bytes.</summary>
    public ulong SystemUnit { get => Bits.Get(Raw, 53, 4); init => Raw = Bits.Put(Raw, 53, 4, value, nameof(SystemUnit)); }

    /// <summary>Bits 35:33.</summary>
    public int PeerId { get => (int)Bits.Get(Raw, 35, 33); init => Raw = Bits.Put(Raw, 35, 33, (ulong)value, nameof(PeerId)); }
}
