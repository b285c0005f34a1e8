namespace FenceSafety.Runtime.Mmu;

/// <summary>Low (big-page) half of a V3 dual entry: 0 IS_PTE · 2:1 APERTURE · 5:3 PCF · 51:8 ADDRESS in units of 256 bytes.</summary>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct BigPdeV3(ulong Raw)
{
    /// <summary>Bit 0: the half is a page of 2 MiB.</summary>
    public bool IsPte { get => Bits.Get(Raw, 0); init => Raw = Bits.Put(Raw, 0, value); }

    /// <summary>Bits 2:1.</summary>
    public PdeAperture Aperture
    {
        get => (PdeAperture)Bits.Get(Raw, 2, 1);
        init => Raw = Bits.Put(Raw, 2, 1, (ulong)value, nameof(Aperture));
    }

    /// <summary>Bits 5:3.</summary>
    public PdePcf Pcf { get => (PdePcf)Bits.Get(Raw, 5, 3); init => Raw = Bits.Put(Raw, 5, 3, (ulong)value, nameof(Pcf)); }

    /// <summary>Bits 51:8: the big table's address in units of 256 bytes.</summary>
    public ulong Unit { get => Bits.Get(Raw, 51, 8); init => Raw = Bits.Put(Raw, 51, 8, value, nameof(Unit)); }
}
