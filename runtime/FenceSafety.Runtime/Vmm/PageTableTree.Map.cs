using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <content>Writing a mapping, in ascending order, with the largest pages that the alignment of both sides allows.</content>
internal sealed partial class PageTableTree
{
    private const int SmallPerSlot = 1 << MmuLayout.DualShift;
    private const int SmallPerBig = 1 << MmuLayout.BigShift;
    private const int BigPerSlot = SmallPerSlot / SmallPerBig;
    private const int SmallPerGiant = 1 << MmuLayout.GiantShift;

    internal GpuStatus Map(in PraminWindow window, ref MapJob job)
    {
        while (job.Reached < job.End)
        {
            ulong vfn = job.Reached;
            ulong end = Math.Min(job.End, (vfn | (SmallPerGiant - 1)) + 1);
            GpuStatus status = OpenUpper(in window, ref job, vfn, out PageTable upper);
            if (status != GpuStatus.Ok)
                return status;
            status = IsGiant(ref job, vfn, end)
                ? MapGiant(in window, ref job, upper, vfn)
                : MapBelow(in window, ref job, upper, vfn, end);
            if (status != GpuStatus.Ok)
                return status;
        }

        return GpuStatus.Ok;
    }

    /// <summary>The directory whose slots span 512 MiB, with whatever is missing above it linked top-down. Every table is zero when it is
    /// linked.</summary>
    private GpuStatus OpenUpper(in PraminWindow window, ref MapJob job, ulong vfn, out PageTable upper)
    {
        upper = Root;
        for (PageTableLevel level = PageTableLevel.Pdb; level < _dualLevel - 1; level++)
        {
            GpuStatus status = OpenChild(in window, ref job, upper, Version.Index(level, new Vfn(vfn)), TableShape.Directory, out upper);
            if (status != GpuStatus.Ok)
                return status;
        }

        return GpuStatus.Ok;
    }

    private GpuStatus OpenChild(
        in PraminWindow window, ref MapJob job, PageTable parent, int slot, TableShape shape, out PageTable child)
    {
        child = parent;
        if (parent.Children[slot] is { } present)
        {
            child = present;
            return GpuStatus.Ok;
        }

        // Bit 0 says "page" in the words that can be one. In V2's upper directories nova marks an empty slot with it.
        bool dual = parent.Shape == TableShape.Dual;
        VramAddress at = dual ? HighWord(parent, slot) : Slot(parent, slot);
        ulong inUse = dual || Version == MmuVersion.V2 ? 0xEUL : 0xF;
        PageTable added = Take(ref job, shape);
        GpuStatus status = LinkWord(in window, at, Pde.Vram(Version, added.Address).Raw, inUse);
        if (status != GpuStatus.Ok)
        {
            job.Prepared.TablesOf(shape).Push(added);
            return status;
        }

        parent.Children[slot] = added;
        Linked++;
        job.ChangedValid |= dual && parent.BigLinked[slot];
        child = added;
        return GpuStatus.Ok;
    }

    private GpuStatus OpenBig(in PraminWindow window, ref MapJob job, PageTable dual, int slot)
    {
        if (dual.BigLinked[slot])
            return GpuStatus.Ok;
        int group = slot >> PageTable.GroupShift;
        if (dual.BigGroups[group] is null)
        {
            dual.BigGroups[group] = Take(ref job, TableShape.Leaf);
            Linked++;
        }

        GpuStatus status = LinkWord(in window, LowWord(dual, slot), DualPde.BigHalf(Version, dual.BigTableAddress(slot)), 0xF);
        if (status != GpuStatus.Ok)
            return status;
        dual.BigLinked[slot] = true;
        job.ChangedValid |= dual.Children[slot] is not null;
        return GpuStatus.Ok;
    }

    /// <summary>Writes a directory word that must be empty: what is there without our doing is not ours to replace.</summary>
    private static GpuStatus LinkWord(in PraminWindow window, VramAddress at, ulong word, ulong inUse)
    {
        if (!window.TryRead64(at, out ulong present))
            return GpuStatus.AccessFailed;
        if ((present & inUse) != 0)
            return GpuStatus.Occupied;
        return window.TryWrite64(at, word) ? GpuStatus.Ok : GpuStatus.AccessFailed;
    }

    private static PageTable Take(ref MapJob job, TableShape shape)
    {
        PageTable? table = job.Prepared.TablesOf(shape).Pop();
        if (table is null)
            ThrowNoTable(shape);
        return table;
    }

    private bool IsGiant(ref MapJob job, ulong vfn, ulong end) =>
        (job.Sizes & PageSizes.Size512M) != 0 && Version == MmuVersion.V3 && end - vfn == SmallPerGiant
        && IsContiguous(job.FramesOf(vfn, SmallPerGiant));

    private GpuStatus MapGiant(in PraminWindow window, ref MapJob job, PageTable upper, ulong vfn)
    {
        int slot = Version.Index(_dualLevel - 1, new Vfn(vfn));
        if (upper.Children[slot] is { } dual)
        {
            for (int below = 0; below < PageTable.DualSlots; below++)
            {
                GpuStatus status = CheckSlot(in window, ref job, dual, below, 0, SmallPerSlot);
                if (status != GpuStatus.Ok)
                    return status;
            }
        }

        return MapLeaf(in window, ref job, upper, slot, Slot(upper, slot), vfn, SmallPerGiant);
    }

    private GpuStatus MapBelow(in PraminWindow window, ref MapJob job, PageTable upper, ulong vfn, ulong end)
    {
        int upperSlot = Version.Index(_dualLevel - 1, new Vfn(vfn));
        GpuStatus status = OpenChild(in window, ref job, upper, upperSlot, TableShape.Dual, out PageTable dual);
        while (status == GpuStatus.Ok && vfn < end)
        {
            int slot = Version.Index(_dualLevel, new Vfn(vfn));
            int from = (int)vfn & (SmallPerSlot - 1);
            int count = (int)Math.Min(end - vfn, (ulong)(SmallPerSlot - from));
            status = MapSlot(in window, ref job, dual, slot, vfn, from, count);
            vfn += (ulong)count;
        }

        return status;
    }

    private GpuStatus MapSlot(in PraminWindow window, ref MapJob job, PageTable dual, int slot, ulong vfn, int from, int count)
    {
        GpuStatus status = CheckSlot(in window, ref job, dual, slot, from, from + count);
        if (status != GpuStatus.Ok)
            return status;
        ReadOnlySpan<Pfn> frames = job.FramesOf(vfn, count);
        if ((job.Sizes & PageSizes.Size2M) != 0 && count == SmallPerSlot && IsContiguous(frames))
            return MapLeaf(in window, ref job, dual, slot, LowWord(dual, slot), vfn, SmallPerSlot);

        int done = 0;
        while (status == GpuStatus.Ok && done < count)
        {
            bool big = IsBig(ref job, from + done, frames[done..]);
            int run = 0;
            do
            {
                // Up to the next boundary of a big page, if one of those may begin there.
                int left = count - done - run;
                run += big ? SmallPerBig : Math.Min(left, SmallPerBig - ((from + done + run) & (SmallPerBig - 1)));
            }
            while (done + run < count && IsBig(ref job, from + done + run, frames[(done + run)..]) == big);

            status = big
                ? MapBig(in window, ref job, dual, slot, from + done, frames.Slice(done, run))
                : MapSmall(in window, ref job, dual, slot, from + done, frames.Slice(done, run));
            done += run;
        }

        return status;
    }

    private GpuStatus MapSmall(in PraminWindow window, ref MapJob job, PageTable dual, int slot, int from, ReadOnlySpan<Pfn> frames)
    {
        if (job.BigLeftovers)
        {
            GpuStatus scrubbed = ScrubBig(in window, dual, slot, from, from + frames.Length);
            if (scrubbed != GpuStatus.Ok)
                return scrubbed;
        }

        GpuStatus status = OpenChild(in window, ref job, dual, slot, TableShape.Leaf, out PageTable table);
        if (status != GpuStatus.Ok)
            return status;
        Span<ulong> entries = job.Buffer[..frames.Length];
        EntryRuns.Encode(frames, job.Template, job.FrameShift, entries);
        int written = window.WriteRun(Slot(table, from), entries);
        job.Reached += (ulong)written;
        return written == entries.Length ? GpuStatus.Ok : GpuStatus.AccessFailed;
    }

    private GpuStatus MapBig(in PraminWindow window, ref MapJob job, PageTable dual, int slot, int from, ReadOnlySpan<Pfn> frames)
    {
        if (job.SmallLeftovers)
        {
            GpuStatus scrubbed = Scrub(in window, Slot(dual.Children[slot]!, from), frames.Length);
            if (scrubbed != GpuStatus.Ok)
                return scrubbed;
        }

        GpuStatus status = OpenBig(in window, ref job, dual, slot);
        if (status != GpuStatus.Ok)
            return status;
        Span<ulong> entries = job.Buffer[..(frames.Length / SmallPerBig)];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = job.Entry(frames[i * SmallPerBig]);
        int written = window.WriteRun(dual.BigTableAddress(slot) + (ulong)(from / SmallPerBig) * 8, entries);
        job.Reached += (ulong)(written * SmallPerBig);
        return written == entries.Length ? GpuStatus.Ok : GpuStatus.AccessFailed;
    }

    private static GpuStatus MapLeaf(
        in PraminWindow window, ref MapJob job, PageTable table, int slot, VramAddress at, ulong vfn, int pages)
    {
        ulong entry = job.Entry(job.FramesOf(vfn, 1)[0]);
        if (!window.TryRead64(at, out ulong present))
            return GpuStatus.AccessFailed;
        if ((present & 1) != 0)
            return GpuStatus.Occupied;
        if (!window.TryWrite64(at, entry))
            return GpuStatus.AccessFailed;
        table.Leaves[slot] = entry;
        job.Reached += (ulong)pages;
        job.ChangedValid |= table.Children[slot] is not null || (table.Shape == TableShape.Dual && table.BigLinked[slot]);
        return GpuStatus.Ok;
    }

    private static bool IsBig(ref MapJob job, int from, ReadOnlySpan<Pfn> frames) =>
        (job.Sizes & PageSizes.Size64K) != 0 && (from & (SmallPerBig - 1)) == 0 && frames.Length >= SmallPerBig
        && IsContiguous(frames[..SmallPerBig]);

    /// <summary>Whether the frames follow one another and begin at a multiple of their number, a power of two.</summary>
    private static bool IsContiguous(ReadOnlySpan<Pfn> frames)
    {
        ulong first = frames[0].Raw;
        if ((first & ((ulong)frames.Length - 1)) != 0)
            return false;
        for (int i = 1; i < frames.Length; i++)
        {
            if (frames[i].Raw != first + (ulong)i)
                return false;
        }

        return true;
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowNoTable(TableShape shape) =>
        throw new InvalidOperationException($"The job has no {shape} table left: prepare counted wrong.");
}
