namespace FenceSafety.Runtime.Mmu;

/// <summary>
/// Physical-page control field of a valid V3 entry, as in the hardware header: bit 1 is <see cref="Privileged"/> and bit 4 disables
/// access counting. (nova names these two the other way round; it never sets either.)
/// </summary>
[Flags]
public enum PtePcf
{
    /// <summary>Regular, writable, atomics allowed, cached, access counting enabled.</summary>
    None = 0,

    /// <summary>Bypasses the cache.</summary>
    Uncached = 1,

    /// <summary>Only privileged requests are served.</summary>
    Privileged = 2,

    /// <summary>Writes fault.</summary>
    ReadOnly = 4,

    /// <summary>Atomics fault.</summary>
    NoAtomic = 8,

    /// <summary>Access counting disabled (ACD).</summary>
    AccessCountingDisabled = 16,
}

/// <summary>
/// Page-table entry of V3: 0 VALID · 2:1 APERTURE · 7:3 PCF · 11:8 KIND · 51:12 ADDRESS in units of 4 KiB · 63:61 PEER_ID.
/// </summary>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct PteV3(ulong Raw)
{
    internal const ulong SparsePcf = 1;
    internal const ulong NoSmallPagesPcf = 3;

    /// <summary>Bit 0.</summary>
    public bool IsValid { get => Bits.Get(Raw, 0); init => Raw = Bits.Put(Raw, 0, value); }

    /// <summary>Bits 2:1.</summary>
    public PteAperture Aperture
    {
        get => (PteAperture)Bits.Get(Raw, 2, 1);
        init => Raw = Bits.Put(Raw, 2, 1, (ulong)value, nameof(Aperture));
    }

    /// <summary>Bits 7:3.</summary>
    public PtePcf Pcf { get => (PtePcf)Bits.Get(Raw, 7, 3); init => Raw = Bits.Put(Raw, 7, 3, (ulong)value, nameof(Pcf)); }

    /// <summary>Bits 11:8.</summary>
    public PteKind Kind { get => (PteKind)Bits.Get(Raw, 11, 8); init => Raw = Bits.Put(Raw, 11, 8, (ulong)value, nameof(Kind)); }

    /// <summary>Bits 51:12, for every aperture.</summary>
    public Pfn Frame { get => new(Bits.Get(Raw, 51, 12)); init => Raw = Bits.Put(Raw, 51, 12, value.Raw, nameof(Frame)); }

    /// <summary>Bits 63:61: which GPU, for peer memory.</summary>
    public int PeerId { get => (int)Bits.Get(Raw, 63, 61); init => Raw = Bits.Put(Raw, 63, 61, (ulong)value, nameof(PeerId)); }

    /// <summary>Whether the entry is invalid but sparse: VALID 0, PCF 1.</summary>
    public bool IsSparse => !IsValid && (ulong)Pcf == SparsePcf;
}
