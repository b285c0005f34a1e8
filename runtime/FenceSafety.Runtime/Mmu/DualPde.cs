namespace FenceSafety.Runtime.Mmu;

/// <summary>
/// An entry of the dual directory: the low word leads to pages of 64 KiB (or is a page of 2 MiB), the high word to pages of 4 KiB.
/// </summary>
/// <param name="Version">The format.</param>
/// <param name="Low">Word at the entry's address.</param>
/// <param name="High">Word 8 bytes further on.</param>
public readonly record struct DualPde(MmuVersion Version, ulong Low, ulong High)
{
    /// <summary>Alignment of a table of big pages, in bytes.</summary>
    public const ulong BigTableBytes = 256;

    /// <summary>The low word for a table of big pages.</summary>
    /// <exception cref="ArgumentException">The address is not a multiple of 256.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The address does not fit its field.</exception>
    public static ulong BigHalf(MmuVersion version, VramAddress table)
    {
        if (!table.IsAligned(BigTableBytes))
            ThrowMisaligned(table);
        ulong unit = table.Raw / BigTableBytes;
        return version == MmuVersion.V2
            ? new BigPdeV2(0) { Aperture = PdeAperture.VideoMemory, VideoUnit = unit }.Raw
            : new BigPdeV3(0) { Aperture = PdeAperture.VideoMemory, Unit = unit }.Raw;
    }

    /// <summary>The high word for a table of small pages.</summary>
    public static ulong SmallHalf(MmuVersion version, VramAddress table) => Pde.Vram(version, table).Raw;

    /// <summary>Whether the entry is a page of 2 MiB. The high word counts for nothing then.</summary>
    public bool IsPte => (Low & 1) != 0;

    /// <summary>The page of 2 MiB, if <see cref="IsPte"/>.</summary>
    public Pte Page => new(Version, Low);

    /// <summary>Whether there is a table of big pages in video memory.</summary>
    public bool HasBig => !IsPte && BigAperture == PdeAperture.VideoMemory;

    /// <summary>Whether there is a table of small pages in video memory.</summary>
    public bool HasSmall => !IsPte && new Pde(Version, High & ~1UL).IsValidVram;

    /// <summary>Where the table of big pages lies.</summary>
    public PdeAperture BigAperture => Version == MmuVersion.V2 ? new BigPdeV2(Low).Aperture : new BigPdeV3(Low).Aperture;

    /// <summary>Where the table of small pages lies.</summary>
    public PdeAperture SmallAperture => new Pde(Version, High).Aperture;

    /// <summary>The table of big pages, if <see cref="HasBig"/>.</summary>
    public VramAddress BigTable => new((Version == MmuVersion.V2 ? new BigPdeV2(Low).VideoUnit : new BigPdeV3(Low).Unit) * BigTableBytes);

    /// <summary>The table of small pages, if <see cref="HasSmall"/>.</summary>
    public VramAddress SmallTable => new Pde(Version, High).Table;

    /// <summary>Whether the slot is sparse: no page, no table in either half, and the big half says so.</summary>
    public bool IsSparse =>
        !IsPte && BigAperture == PdeAperture.Invalid && SmallAperture == PdeAperture.Invalid && (Low & 8) != 0;

    private static void ThrowMisaligned(VramAddress table) =>
        throw new ArgumentException($"{table} is not a multiple of 0x{BigTableBytes:X}.", nameof(table));
}
