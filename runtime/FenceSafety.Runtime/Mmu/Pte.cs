namespace FenceSafety.Runtime.Mmu;

/// <summary>A page-table entry of either format. Invalid is all zero in both.</summary>
/// <param name="Version">The format.</param>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct Pte(MmuVersion Version, ulong Raw)
{
    // Bits 7:3 are flags in both formats: VOL … ATOMIC_DISABLE in V2, PCF in V3.
    private const ulong FlagBits = 0xF8;
    private const int FlagShift = 3;
    private const ulong RetiredMark = 0x20;

    /// <summary>A valid entry for a page in video memory, as nova writes it: atomics enabled in V2, disabled in V3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The frame or the kind does not fit its field.</exception>
    public static Pte Vram(MmuVersion version, Pfn frame, PageAttributes attributes)
    {
        if (version == MmuVersion.V2)
        {
            return new Pte(version, new PteV2(0)
            {
                IsValid = true,
                IsReadOnly = !attributes.Writable,
                IsPrivileged = attributes.Privileged,
                VideoFrame = frame,
                Kind = attributes.Kind,
            }.Raw);
        }

        PtePcf pcf = PtePcf.NoAtomic;
        if (!attributes.Writable)
            pcf |= PtePcf.ReadOnly;
        if (attributes.Privileged)
            pcf |= PtePcf.Privileged;
        return new Pte(version, new PteV3(0) { IsValid = true, Pcf = pcf, Frame = frame, Kind = attributes.Kind }.Raw);
    }

    /// <summary>The invalid entry.</summary>
    public static Pte Invalid(MmuVersion version) => new(version, 0);

    /// <summary>An invalid entry of which reads give zero: bit 3 in both formats.</summary>
    public static Pte Sparse(MmuVersion version) =>
        version == MmuVersion.V2
            ? new Pte(version, new PteV2(0) { IsVolatile = true }.Raw)
            : new Pte(version, new PteV3(0) { Pcf = (PtePcf)PteV3.SparsePcf }.Raw);

    /// <summary>An invalid entry of a big page that stops the hardware from looking at the small pages beneath.</summary>
    public static Pte NoSmallPages(MmuVersion version) =>
        version == MmuVersion.V2
            ? new Pte(version, new PteV2(0) { IsPrivileged = true }.Raw)
            : new Pte(version, new PteV3(0) { Pcf = (PtePcf)PteV3.NoSmallPagesPcf }.Raw);

    /// <summary>Whether the entry maps a page.</summary>
    public bool IsValid => (Raw & 1) != 0;

    /// <summary>Whether it maps none, but is sparse.</summary>
    public bool IsSparse => Version == MmuVersion.V2 ? new PteV2(Raw).IsSparse : new PteV3(Raw).IsSparse;

    /// <summary>Where the page lies.</summary>
    public PteAperture Aperture => Version == MmuVersion.V2 ? new PteV2(Raw).Aperture : new PteV3(Raw).Aperture;

    /// <summary>The frame in video or peer memory.</summary>
    public Pfn Frame => Version == MmuVersion.V2 ? new PteV2(Raw).VideoFrame : new PteV3(Raw).Frame;

    /// <summary>What the mapping allows.</summary>
    public PageAttributes Attributes
    {
        get
        {
            if (Version == MmuVersion.V2)
            {
                var v2 = new PteV2(Raw);
                return new PageAttributes(!v2.IsReadOnly, v2.Kind, v2.IsPrivileged);
            }

            var v3 = new PteV3(Raw);
            return new PageAttributes((v3.Pcf & PtePcf.ReadOnly) == 0, v3.Kind, (v3.Pcf & PtePcf.Privileged) != 0);
        }
    }

    /// <summary>Lowest bit of the frame number.</summary>
    internal static int FrameShift(MmuVersion version) => version == MmuVersion.V2 ? 8 : 12;

    /// <summary>
    /// The entry made invalid, all else kept, and marked. The flags move to bits that no entry of this driver uses (V2 40:36, V3 56:52, the
    /// mark above them), since in an invalid entry they would mean sparse or "look no further". So an unmap that fails half-way
    /// is undone without having remembered anything.
    /// </summary>
    internal static ulong Retire(ulong valid, int parking) =>
        valid & ~(FlagBits | 1) | Park(valid & FlagBits, parking) | RetiredMark << parking;

    /// <summary>Where <see cref="Retire"/> puts flags.</summary>
    internal static ulong Park(ulong flags, int parking) => flags >> FlagShift << parking;

    /// <summary>Whether <see cref="Retire"/> made the entry.</summary>
    internal static bool IsRetired(ulong entry, int parking) => (entry & (RetiredMark << parking | 1)) == RetiredMark << parking;

    /// <summary>What <see cref="Retire"/> was given.</summary>
    internal static ulong Revive(ulong retired, int parking)
    {
        ulong parked = 0x3FUL << parking;
        return retired & ~parked | (retired & parked & ~(RetiredMark << parking)) >> parking << FlagShift | 1;
    }

    /// <summary>The bit that forbids writes: READ_ONLY of V2, bit 2 of the PCF of V3.</summary>
    internal static ulong ReadOnlyBit(MmuVersion version) => 1UL << (version == MmuVersion.V2 ? 6 : 5);

    /// <summary>Where <see cref="Retire"/> parks the flags.</summary>
    internal static int Parking(MmuVersion version) => version == MmuVersion.V2 ? 36 : 52;
}
