using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <content>Looking before writing: nothing that is mapped is ever overwritten.</content>
internal sealed partial class PageTableTree
{
    /// <summary>
    /// Whether no page in part of a 2 MiB slot is mapped, whatever its size and whoever mapped it. Notes whether a former unmap left
    /// (invalid) entries there.
    /// </summary>
    private static GpuStatus CheckSlot(in PraminWindow window, ref MapJob job, PageTable dual, int slot, int from, int to)
    {
        job.SmallLeftovers = job.BigLeftovers = false;
        if (dual.Leaves[slot] != 0)
            return GpuStatus.Occupied;
        if (!window.TryRead64(LowWord(dual, slot), out ulong low))
            return GpuStatus.AccessFailed;
        if ((low & 1) != 0)
            return GpuStatus.Occupied;
        if (dual.Children[slot] is { } small)
        {
            GpuStatus status = CheckEntries(in window, Slot(small, from), job.Buffer[..(to - from)], out job.SmallLeftovers);
            if (status != GpuStatus.Ok)
                return status;
        }

        if (!dual.BigLinked[slot])
            return GpuStatus.Ok;
        int firstBig = from / SmallPerBig;
        int endBig = (to - 1) / SmallPerBig + 1;
        return CheckEntries(
            in window, dual.BigTableAddress(slot) + (ulong)firstBig * 8, job.Buffer[..(endBig - firstBig)], out job.BigLeftovers);
    }

    private static GpuStatus CheckEntries(in PraminWindow window, VramAddress at, Span<ulong> entries, out bool leftovers)
    {
        leftovers = false;
        if (window.ReadRun(at, entries) != entries.Length)
            return GpuStatus.AccessFailed;
        ulong any = EntryRuns.Or(entries);
        leftovers = any != 0;
        return (any & 1) == 0 ? GpuStatus.Ok : GpuStatus.Occupied;
    }

    // Scrubbing zeroes what a former unmap left where a page of the other size now counts: an unmap that is undone must revive its own
    // entries only. Below a page of 2 MiB or more nothing is swept, so there nothing needs scrubbing.
    private static GpuStatus ScrubBig(in PraminWindow window, PageTable dual, int slot, int from, int to)
    {
        int first = from / SmallPerBig;
        return Scrub(in window, dual.BigTableAddress(slot) + (ulong)first * 8, (to - 1) / SmallPerBig + 1 - first);
    }

    private static GpuStatus Scrub(in PraminWindow window, VramAddress at, int count) =>
        window.FillRun(at, count, 0) == count ? GpuStatus.Ok : GpuStatus.AccessFailed;
}
