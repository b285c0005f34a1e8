using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <content>Prepare: everything that may allocate. No lock is held while it does.</content>
public sealed partial class Vmm
{
    // Frames zeroed while the window is held once: it is wanted in critical code.
    private const int ZeroBatch = 16;

    /// <summary>
    /// Reserves a range and allocates every table that mapping it may need, whatever frames it is mapped to and whatever other jobs do
    /// before. Costs work in tables, not pages.
    /// </summary>
    /// <param name="pages">Length in pages of 4 KiB.</param>
    /// <param name="options">Where, and with which pages.</param>
    /// <exception cref="ArgumentException">The length is 0, the address or alignment is misaligned, behind the address space, or
    /// taken.</exception>
    /// <exception cref="OutOfAddressSpaceException">No free range is large enough.</exception>
    /// <exception cref="OutOfVideoMemoryException">There are not enough frames for the tables.</exception>
    /// <exception cref="GpuAccessException">A table could not be zeroed.</exception>
    [MayAllocate]
    public PreparedMapping PrepareMap(ulong pages, MapOptions options = default)
    {
        CheckOptions(pages, options);
        PageSizes sizes = options.AllowedSizes | PageSizes.Size4K;
        var job = new PreparedMapping(this, pages, sizes) { State = JobState.Dropped };
        TableNeed need = Reserve(job, options);
        try
        {
            Supply(job, need);
        }
        catch
        {
            using (SleepingMutex.Guard guard = _lock.Lock())
                _space.Release(job.Range);
            throw;
        }

        job.State = JobState.Prepared;
        return job;
    }

    internal void Drop(PreparedMapping job)
    {
        var freed = new TableStack();
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            if (job.State is JobState.Executed or JobState.Dropped)
                return;
            bool undone = job.State == JobState.Prepared || _disposed || Undo(job) == GpuStatus.Ok;
            if (undone)
            {
                _space.Release(job.Range);
            }
            else
            {
                job.NextQuarantined = _quarantine;
                _quarantine = job;
            }

            job.State = JobState.Dropped;
            job.MoveTablesTo(freed);
        }

        Free(freed);
        if (job.Attempted)
            TryTrim();
    }

    private void CheckOptions(ulong pages, MapOptions options)
    {
        ulong limit = Version.AddressSpacePages();
        if (pages == 0 || pages > limit)
            throw new ArgumentOutOfRangeException(nameof(pages), pages, $"A mapping has between 1 and {limit} pages.");
        if ((options.AllowedSizes & ~PageSizes.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.PageSizes, "No such page size.");
        ulong alignment = options.Alignment;
        if (alignment != 0 && (!ulong.IsPow2(alignment) || alignment < MmuLayout.PageBytes))
            throw new ArgumentException(
                $"The alignment 0x{alignment:X} must be a power of two from 0x{MmuLayout.PageBytes:X} on.", nameof(options));
        if (options.Address is not { } address)
            return;
        if (address.PageOffset != 0)
            throw new ArgumentException($"{address} is not a multiple of 0x{MmuLayout.PageBytes:X}.", nameof(options));
        if (alignment != 0 && (address.Raw & (alignment - 1)) != 0)
            throw new ArgumentException($"{address} is not a multiple of the alignment 0x{alignment:X}.", nameof(options));
        if (address.Vfn.Raw > limit - pages)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), $"{pages} pages from {address} end behind the {Version.AddressBits()}-bit address space.");
        }
    }

    private TableNeed Reserve(PreparedMapping job, MapOptions options)
    {
        bool big = (job.Sizes & PageSizes.Size64K) != 0;
        using SleepingMutex.Guard guard = _lock.Lock();
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong first;
        if (options.Address is { } address)
            first = address.Vfn.Raw;
        else if (!_space.TryFindGap(job.Pages, Math.Max(options.Alignment >> MmuLayout.PageShift, 1), out first))
            throw new OutOfAddressSpaceException($"No {job.Pages} consecutive virtual pages are free.");
        if (!_space.TryReserve(job.Range, first, job.Pages))
            throw new ArgumentException(
                $"The {job.Pages} pages from {new Vfn(first).Address} overlap a range that is in use.", nameof(options));
        return _tree.Missing(first, first + job.Pages - 1, big);
    }

    private void Supply(PreparedMapping job, TableNeed need)
    {
        if ((ulong)need.Total > _mm.VramPages)
            throw new OutOfVideoMemoryException($"The mapping needs {need.Total} tables; the video memory has {_mm.VramPages} frames.");
        var frames = new VramFrame[need.Total];
        _mm.Allocator.AllocateFrames(frames);
        try
        {
            ulong last = Version.MaxVramPfn().Raw;
            foreach (VramFrame frame in frames)
            {
                if (frame.Address.Pfn.Raw > last)
                    throw new OutOfVideoMemoryException(
                        $"The allocator gave {frame.Address}, which a directory entry of {Version} cannot name.");
            }

            ZeroFrames(_mm, frames);
            int next = 0;
            Supply(job.LeafTables, TableShape.Leaf, need.Leaf, frames, ref next);
            Supply(job.DualTables, TableShape.Dual, need.Dual, frames, ref next);
            Supply(job.Directories, TableShape.Directory, need.Directory, frames, ref next);
        }
        catch
        {
            _mm.Allocator.FreeFrames(frames);
            throw;
        }
    }

    private static void Supply(TableStack stack, TableShape shape, long count, VramFrame[] frames, ref int next)
    {
        for (long i = 0; i < count; i++)
            stack.Push(new PageTable(shape, frames[next++], owned: true));
    }

    private static void ZeroFrames(GpuMm mm, ReadOnlySpan<VramFrame> frames)
    {
        const int words = (int)MmuLayout.PageBytes / sizeof(ulong);
        for (int start = 0; start < frames.Length; start += ZeroBatch)
        {
            using PraminWindow window = mm.Pramin.Window();
            foreach (VramFrame frame in frames.Slice(start, Math.Min(ZeroBatch, frames.Length - start)))
            {
                if (window.FillRun(frame.Address, words, 0) != words)
                    throw new GpuAccessException($"The page table at {frame.Address} could not be zeroed.");
            }
        }
    }
}
