namespace FenceSafety.Runtime.Mmu;

/// <summary>
/// Geometry of the two formats: which address bits index which level. In frame numbers (address bits from 12 on) the entries of a V2
/// directory span 2^35, 2^26, 2^17 and 2^9 pages; V3 has one level more on top, of 2^44.
/// </summary>
public static class MmuLayout
{
    /// <summary>Offset bits in the smallest page.</summary>
    public const int PageShift = 12;

    /// <summary>Bytes in the smallest page, and in every table.</summary>
    public const ulong PageBytes = 1UL << PageShift;

    internal const int DualShift = 9;
    internal const int BigShift = 4;
    internal const int GiantShift = 17;

    /// <summary>The format that the chip reads.</summary>
    public static MmuVersion MmuVersion(this GpuArchitecture architecture) =>
        architecture >= GpuArchitecture.Hopper ? Mmu.MmuVersion.V3 : Mmu.MmuVersion.V2;

    /// <summary>Width of a virtual address in bits.</summary>
    public static int AddressBits(this MmuVersion version) => version == Mmu.MmuVersion.V2 ? 49 : 57;

    /// <summary>Number of 4 KiB pages in the virtual address space.</summary>
    public static ulong AddressSpacePages(this MmuVersion version) => 1UL << (version.AddressBits() - PageShift);

    /// <summary>The level whose entries are pages of 4 KiB.</summary>
    public static PageTableLevel PteLevel(this MmuVersion version) =>
        version == Mmu.MmuVersion.V2 ? PageTableLevel.L4 : PageTableLevel.L5;

    /// <summary>The level of 16-byte entries, each with a table of big and a table of small pages.</summary>
    public static PageTableLevel DualLevel(this MmuVersion version) => version.PteLevel() - 1;

    /// <summary>Number of directory levels, the root included: 4 or 5.</summary>
    public static int DirectoryLevels(this MmuVersion version) => (int)version.PteLevel();

    /// <summary>An entry of the level spans two to this power pages of 4 KiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format has no such level.</exception>
    public static int EntryShift(this MmuVersion version, PageTableLevel level)
    {
        int above = version.PteLevel() - level;
        if ((uint)above > (uint)version.PteLevel())
            ThrowNoLevel(version, level);
        return above switch
        {
            0 => 0,
            1 => 9,
            2 => 17,
            3 => 26,
            4 => 35,
            _ => 44,
        };
    }

    /// <summary>Entries in a table of the level: 4 or 2 in the root, 256 in the dual directory, 512 elsewhere.</summary>
    public static int EntriesPerTable(this MmuVersion version, PageTableLevel level)
    {
        if (level == PageTableLevel.Pdb)
            return version == Mmu.MmuVersion.V2 ? 4 : 2;
        return version.EntryShift(level) == DualShift ? 256 : 512;
    }

    /// <summary>Bytes in an entry of the level: 16 in the dual directory, 8 elsewhere.</summary>
    public static int EntrySize(this MmuVersion version, PageTableLevel level) => version.EntryShift(level) == DualShift ? 16 : 8;

    /// <summary>Index of a page in the tables of the level.</summary>
    public static int Index(this MmuVersion version, PageTableLevel level, Vfn vfn) =>
        (int)(vfn.Raw >> version.EntryShift(level)) & (version.EntriesPerTable(level) - 1);

    /// <summary>The highest frame that an entry for video memory can name: 25 bits in V2, 40 in V3.</summary>
    public static Pfn MaxVramPfn(this MmuVersion version) => new(version == Mmu.MmuVersion.V2 ? 0x1FF_FFFFUL : 0xFF_FFFF_FFFFUL);

    /// <summary>
    /// Tables below the root that a range touches, whatever its alignment: for each level, how many spans of a whole table it meets.
    /// </summary>
    public static ulong TablesFor(this MmuVersion version, Vfn first, ulong pages)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pages);
        ulong last = checked(first.Raw + pages - 1);
        if (last >= version.AddressSpacePages())
            throw new ArgumentOutOfRangeException(
                nameof(pages), pages, $"The range ends behind the {version.AddressBits()}-bit address space.");
        ulong tables = 0;
        for (PageTableLevel level = PageTableLevel.Pdb; level < version.PteLevel(); level++)
        {
            // An entry of the parent is one table of the next level.
            int shift = version.EntryShift(level);
            tables += (last >> shift) - (first.Raw >> shift) + 1;
        }

        return tables;
    }

    private static void ThrowNoLevel(MmuVersion version, PageTableLevel level) =>
        throw new ArgumentOutOfRangeException(nameof(level), level, $"The format {version} has levels up to {version.PteLevel()}.");
}
