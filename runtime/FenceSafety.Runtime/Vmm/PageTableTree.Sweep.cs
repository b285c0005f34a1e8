using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>What <see cref="PageTableTree.Sweep"/> does to the pages of a range.</summary>
internal enum SweepMode
{
    /// <summary>Valid and retired entries become zero.</summary>
    Clear,

    /// <summary>Valid entries become invalid, but keep what they say.</summary>
    Retire,

    /// <summary>Retired entries become what they were.</summary>
    Revive,

    /// <summary>Valid entries forbid writes, and retired ones will.</summary>
    ForbidWrites,

    /// <summary>Valid entries allow writes, and retired ones will.</summary>
    AllowWrites,
}

/// <content>Going over the pages of a range that is ours. Each mode can be repeated: what is done already stays as it is.</content>
internal sealed partial class PageTableTree
{
    internal GpuStatus Sweep(in PraminWindow window, ulong first, ulong end, SweepMode mode)
    {
        Span<ulong> buffer = stackalloc ulong[SmallPerSlot];
        for (ulong vfn = first; vfn < end;)
        {
            ulong next = Math.Min(end, (vfn | (SmallPerGiant - 1)) + 1);
            if (FindUpper(vfn) is { } upper)
            {
                int slot = Version.Index(_dualLevel - 1, new Vfn(vfn));
                GpuStatus status = GpuStatus.Ok;
                if (upper.Leaves[slot] != 0)
                    status = SweepLeaf(in window, upper, slot, Slot(upper, slot), mode);
                else if (upper.Children[slot] is { } dual)
                    status = SweepDual(in window, dual, vfn, next, mode, buffer);
                if (status != GpuStatus.Ok)
                    return status;
            }

            vfn = next;
        }

        return GpuStatus.Ok;
    }

    /// <summary>Forgets the pages of 2 MiB and 512 MiB in a range that was retired for good.</summary>
    internal void ForgetLeaves(ulong first, ulong end)
    {
        for (ulong vfn = first; vfn < end;)
        {
            ulong next = Math.Min(end, (vfn | (SmallPerGiant - 1)) + 1);
            if (FindUpper(vfn) is { } upper)
            {
                int slot = Version.Index(_dualLevel - 1, new Vfn(vfn));
                if (upper.Leaves[slot] != 0)
                {
                    upper.Leaves[slot] = 0;
                }
                else if (upper.Children[slot] is { } dual)
                {
                    for (ulong below = vfn; below < next; below = (below | (SmallPerSlot - 1)) + 1)
                        dual.Leaves[Version.Index(_dualLevel, new Vfn(below))] = 0;
                }
            }

            vfn = next;
        }
    }

    private GpuStatus SweepDual(in PraminWindow window, PageTable dual, ulong vfn, ulong end, SweepMode mode, Span<ulong> buffer)
    {
        while (vfn < end)
        {
            int slot = Version.Index(_dualLevel, new Vfn(vfn));
            int from = (int)vfn & (SmallPerSlot - 1);
            int count = (int)Math.Min(end - vfn, (ulong)(SmallPerSlot - from));
            GpuStatus status;
            if (dual.Leaves[slot] != 0)
            {
                status = SweepLeaf(in window, dual, slot, LowWord(dual, slot), mode);
            }
            else
            {
                status = SweepBig(in window, dual, slot, from, from + count, mode, buffer);
                if (status == GpuStatus.Ok && dual.Children[slot] is { } small)
                    status = SweepEntries(in window, Slot(small, from), buffer[..count], mode);
            }

            if (status != GpuStatus.Ok)
                return status;
            vfn += (ulong)count;
        }

        return GpuStatus.Ok;
    }

    private GpuStatus SweepBig(in PraminWindow window, PageTable dual, int slot, int from, int to, SweepMode mode, Span<ulong> buffer)
    {
        // A big page that the range meets only in part is not a page of the range.
        int first = (from + SmallPerBig - 1) / SmallPerBig;
        int end = to / SmallPerBig;
        return dual.BigLinked[slot] && first < end
            ? SweepEntries(in window, dual.BigTableAddress(slot) + (ulong)first * 8, buffer[..(end - first)], mode)
            : GpuStatus.Ok;
    }

    private GpuStatus SweepLeaf(in PraminWindow window, PageTable table, int slot, VramAddress at, SweepMode mode)
    {
        // A retired leaf is remembered here, so the entry itself need not keep it.
        ulong leaf = table.Leaves[slot];
        if (mode is not (SweepMode.Retire or SweepMode.Revive))
            leaf = SweepEntry(leaf, mode);
        ulong word = mode is SweepMode.Clear or SweepMode.Retire ? WordWithoutLeaf(table, slot) : leaf;
        if (!window.TryWrite64(at, word))
            return GpuStatus.AccessFailed;
        table.Leaves[slot] = leaf;
        return GpuStatus.Ok;
    }

    private GpuStatus SweepEntries(in PraminWindow window, VramAddress at, Span<ulong> entries, SweepMode mode)
    {
        if (window.ReadRun(at, entries) != entries.Length)
            return GpuStatus.AccessFailed;
        // How the bits of a valid entry change depends on its flags alone, which are mostly those of its neighbours; unless it is cleared.
        ulong flip = entries[0] ^ SweepEntry(entries[0], mode);
        int done = (entries[0] & 1) != 0 && mode != SweepMode.Clear ? EntryRuns.FlipAlike(entries, flip) : 0;
        bool changed = done != 0 && flip != 0;
        for (int i = done; i < entries.Length; i++)
        {
            ulong swept = SweepEntry(entries[i], mode);
            changed |= swept != entries[i];
            entries[i] = swept;
        }

        return !changed || window.WriteRun(at, entries) == entries.Length ? GpuStatus.Ok : GpuStatus.AccessFailed;
    }

    private ulong SweepEntry(ulong entry, SweepMode mode)
    {
        bool valid = (entry & 1) != 0;
        return mode switch
        {
            SweepMode.Clear => valid || Pte.IsRetired(entry, _parking) ? 0 : entry,
            SweepMode.Retire => valid ? Pte.Retire(entry, _parking) : entry,
            SweepMode.Revive => Pte.IsRetired(entry, _parking) ? Pte.Revive(entry, _parking) : entry,
            SweepMode.ForbidWrites => entry | WriteBit(entry),
            _ => entry & ~WriteBit(entry),
        };
    }

    /// <summary>The bit that forbids writes, now or once the entry is revived; none if the entry is neither valid nor retired.</summary>
    private ulong WriteBit(ulong entry)
    {
        if ((entry & 1) != 0)
            return _readOnly;
        return Pte.IsRetired(entry, _parking) ? _parkedReadOnly : 0;
    }
}
