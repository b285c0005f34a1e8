namespace FenceSafety.Runtime.Mmu;

/// <summary>Physical-page control field of a V3 directory entry.</summary>
[Flags]
public enum PdePcf
{
    /// <summary>Cached (or invalid), address translation service allowed.</summary>
    None = 0,

    /// <summary>Uncached; with no aperture: sparse.</summary>
    UncachedOrSparse = 1,

    /// <summary>Address translation service not allowed.</summary>
    NoAts = 2,
}

/// <summary>Directory entry of V3: 0 IS_PTE · 2:1 APERTURE · 5:3 PCF · 51:12 ADDRESS in units of 4 KiB.</summary>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct PdeV3(ulong Raw)
{
    /// <summary>Bit 0: the entry is a page, not a table.</summary>
    public bool IsPte { get => Bits.Get(Raw, 0); init => Raw = Bits.Put(Raw, 0, value); }

    /// <summary>Bits 2:1.</summary>
    public PdeAperture Aperture
    {
        get => (PdeAperture)Bits.Get(Raw, 2, 1);
        init => Raw = Bits.Put(Raw, 2, 1, (ulong)value, nameof(Aperture));
    }

    /// <summary>Bits 5:3.</summary>
    public PdePcf Pcf { get => (PdePcf)Bits.Get(Raw, 5, 3); init => Raw = Bits.Put(Raw, 5, 3, (ulong)value, nameof(Pcf)); }

    /// <summary>Bits 51:12.</summary>
    public Pfn Frame { get => new(Bits.Get(Raw, 51, 12)); init => Raw = Bits.Put(Raw, 51, 12, value.Raw, nameof(Frame)); }

    /// <summary>Whether there is a table: not a page (nova does not look), and some aperture.</summary>
    public bool IsValid => !IsPte && Aperture != PdeAperture.Invalid;

    /// <summary>Whether there is no table, but the range is sparse.</summary>
    public bool IsSparse => !IsPte && Aperture == PdeAperture.Invalid && (Pcf & PdePcf.UncachedOrSparse) != 0;
}
