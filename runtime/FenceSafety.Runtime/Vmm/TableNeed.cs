using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>How many tables of each shape a mapping may need.</summary>
internal struct TableNeed
{
    internal long Leaf;
    internal long Dual;
    internal long Directory;

    internal readonly long Total => Leaf + Dual + Directory;

    /// <summary>
    /// For an empty tree, and exact whatever the alignment: what counts is how many tables' spans the range meets, not how long it is.
    /// </summary>
    /// <param name="version">Format.</param>
    /// <param name="first">First page.</param>
    /// <param name="last">Last page.</param>
    /// <param name="big">Whether pages of 64 KiB may be used, whose tables share a frame sixteen at a time.</param>
    internal static TableNeed Of(MmuVersion version, ulong first, ulong last, bool big)
    {
        TableNeed need = default;
        need.Leaf = Spans(first, last, MmuLayout.DualShift);
        if (big)
            need.Leaf += Spans(first, last, MmuLayout.DualShift + PageTable.GroupShift);
        need.Dual = Spans(first, last, MmuLayout.GiantShift);
        for (PageTableLevel level = PageTableLevel.Pdb; level < version.DualLevel() - 1; level++)
            need.Directory += Spans(first, last, version.EntryShift(level));
        return need;
    }

    private static long Spans(ulong first, ulong last, int shift) => (long)((last >> shift) - (first >> shift) + 1);
}
