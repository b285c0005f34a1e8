using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <content>Unlinking tables in whose span nothing is reserved. They wait in <see cref="Retired"/> until no TLB can know them.</content>
internal sealed partial class PageTableTree
{
    internal GpuStatus Trim(in PraminWindow window, VaSpace space) => Trim(in window, Root, PageTableLevel.Pdb, 0, space);

    private GpuStatus Trim(in PraminWindow window, PageTable table, PageTableLevel level, ulong tableFirst, VaSpace space)
    {
        int shift = Version.EntryShift(level);
        bool dual = table.Shape == TableShape.Dual;
        int slots = Version.EntriesPerTable(level);
        for (int slot = 0; slot < slots; slot++)
        {
            if (table.Children[slot] is not { } child)
                continue;
            ulong first = tableFirst + ((ulong)slot << shift);
            if (child.Owned && !space.Overlaps(first, first + (1UL << shift)))
            {
                if (!window.TryWrite64(dual ? HighWord(table, slot) : Slot(table, slot), 0))
                    return GpuStatus.AccessFailed;
                table.Children[slot] = null;
                RetireAll(child);
            }
            else if (child.Shape != TableShape.Leaf)
            {
                GpuStatus status = Trim(in window, child, level + 1, first, space);
                if (status != GpuStatus.Ok)
                    return status;
            }
        }

        return dual ? TrimGroups(in window, table, tableFirst, space) : GpuStatus.Ok;
    }

    private GpuStatus TrimGroups(in PraminWindow window, PageTable dual, ulong dualFirst, VaSpace space)
    {
        const int shift = MmuLayout.DualShift + PageTable.GroupShift;
        for (int group = 0; group < dual.BigGroups.Length; group++)
        {
            ulong first = dualFirst + ((ulong)group << shift);
            if (dual.BigGroups[group] is not { } frame || space.Overlaps(first, first + (1UL << shift)))
                continue;
            for (int slot = group << PageTable.GroupShift; slot < (group + 1) << PageTable.GroupShift; slot++)
            {
                if (!dual.BigLinked[slot])
                    continue;
                if (!window.TryWrite64(LowWord(dual, slot), 0))
                    return GpuStatus.AccessFailed;
                dual.BigLinked[slot] = false;
            }

            dual.BigGroups[group] = null;
            RetireAll(frame);
        }

        return GpuStatus.Ok;
    }

    private void RetireAll(PageTable table)
    {
        foreach (PageTable? child in table.Children)
        {
            if (child is not null)
                RetireAll(child);
        }

        foreach (PageTable? group in table.BigGroups)
        {
            if (group is not null)
                RetireAll(group);
        }

        Retired.Push(table);
        Linked--;
    }
}
