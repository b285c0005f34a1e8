using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>
/// The tables of one root. A table is linked once and stays until no reserved range lies in its span, so a job that found it need not
/// bring its own. The owner's lock protects the tree.
/// </summary>
internal sealed partial class PageTableTree
{
    private readonly PageTableLevel _dualLevel;
    private readonly int _parking;
    private readonly ulong _readOnly;
    private readonly ulong _parkedReadOnly;

    internal PageTableTree(MmuVersion version, PageTable root)
    {
        Version = version;
        Root = root;
        _dualLevel = version.DualLevel();
        _parking = Pte.Parking(version);
        _readOnly = Pte.ReadOnlyBit(version);
        _parkedReadOnly = Pte.Park(_readOnly, _parking);
    }

    internal MmuVersion Version { get; }

    internal PageTable Root { get; }

    /// <summary>Owned tables in the tree, without the root.</summary>
    internal int Linked { get; set; }

    /// <summary>Tables that were unlinked but may still be in a TLB: to be freed after the next flush.</summary>
    internal TableStack Retired { get; } = new();

    /// <summary>What a range needs beyond the tables that are there. The work is in tables, not pages.</summary>
    internal TableNeed Missing(ulong first, ulong last, bool big)
    {
        TableNeed need = TableNeed.Of(Version, first, last, big);
        Subtract(Root, PageTableLevel.Pdb, 0, first, last, big, ref need);
        return need;
    }

    private void Subtract(PageTable table, PageTableLevel level, ulong tableFirst, ulong first, ulong last, bool big, ref TableNeed need)
    {
        int shift = Version.EntryShift(level);
        int from = first <= tableFirst ? 0 : (int)((first - tableFirst) >> shift);
        int to = (int)Math.Min((last - tableFirst) >> shift, (ulong)Version.EntriesPerTable(level) - 1);
        for (int slot = from; slot <= to; slot++)
        {
            if (table.Children[slot] is not { } child)
                continue;
            if (child.Shape == TableShape.Leaf)
            {
                need.Leaf--;
                continue;
            }

            if (child.Shape == TableShape.Dual)
                need.Dual--;
            else
                need.Directory--;
            Subtract(child, level + 1, tableFirst + ((ulong)slot << shift), first, last, big, ref need);
        }

        if (table.Shape != TableShape.Dual || !big)
            return;
        for (int group = from >> PageTable.GroupShift; group <= to >> PageTable.GroupShift; group++)
        {
            if (table.BigGroups[group] is not null)
                need.Leaf--;
        }
    }

    /// <summary>The directory whose slots span 512 MiB, if it is there.</summary>
    private PageTable? FindUpper(ulong vfn)
    {
        PageTable? table = Root;
        for (PageTableLevel level = PageTableLevel.Pdb; level < _dualLevel - 1 && table is not null; level++)
            table = table.Children[Version.Index(level, new Vfn(vfn))];
        return table;
    }

    private static VramAddress Slot(PageTable table, int slot) => table.Address + (ulong)slot * 8;

    private static VramAddress LowWord(PageTable dual, int slot) => dual.Address + (ulong)slot * 16;

    private static VramAddress HighWord(PageTable dual, int slot) => dual.Address + (ulong)slot * 16 + 8;

    /// <summary>What the word that a leaf page would take holds without one.</summary>
    private ulong WordWithoutLeaf(PageTable table, int slot)
    {
        if (table.Shape == TableShape.Dual)
            return table.BigLinked[slot] ? DualPde.BigHalf(Version, table.BigTableAddress(slot)) : 0;
        return table.Children[slot] is { } child ? Pde.Vram(Version, child.Address).Raw : 0;
    }
}
