using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <content>Execute and unmap: fence-critical. They take no memory of any kind, and flush once.</content>
public sealed partial class Vmm
{
    /// <summary>
    /// Maps a prepared range. Pages of 64 KiB, 2 MiB and (V3) 512 MiB are used where address and frames are aligned and contiguous. If it
    /// fails, what was written is taken back and the job is as it was: it can be executed again, or disposed of.
    /// </summary>
    /// <param name="prepared">The job, of this manager.</param>
    /// <param name="frames">One frame for each page.</param>
    /// <param name="attributes">What the mapping allows.</param>
    /// <returns>The token to unmap with.</returns>
    /// <exception cref="ArgumentException">The job is another manager's or used up, or the frames are too few, too many, or outside the
    /// video memory.</exception>
    /// <exception cref="InvalidOperationException">Something in the range is mapped already, though not by this manager.</exception>
    /// <exception cref="GpuTimeoutException">The TLB invalidation did not finish.</exception>
    /// <exception cref="GpuAccessException">The device failed.</exception>
    [FenceCritical]
    public MappedRange ExecuteMap([Consumes] PreparedMapping prepared, ReadOnlySpan<Pfn> frames, PageAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        if (prepared.Owner != this)
            ThrowForeign(nameof(prepared));
        if ((ulong)frames.Length != prepared.Pages)
            ThrowWrongCount(frames.Length, prepared.Pages);
        CheckFrames(frames);
        if ((uint)attributes.Kind > 15)
            ThrowBadKind(attributes.Kind);

        GpuStatus status;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            if (_disposed)
                ThrowDisposed();
            if (prepared.State is JobState.Executed or JobState.Dropped)
                ThrowUsedUp(prepared.State);
            status = Execute(prepared, frames, attributes);
        }

        if (status != GpuStatus.Ok)
            Throw(status);
        return prepared.Result;
    }

    /// <summary>
    /// Unmaps a range, waits until no TLB knows it, and releases its addresses. If it fails, the range is mapped and owned as before, and
    /// the call can be repeated.
    /// </summary>
    /// <param name="range">The range, of this manager.</param>
    /// <exception cref="ArgumentException">The range is another manager's, or not mapped (any more).</exception>
    /// <exception cref="GpuTimeoutException">The TLB invalidation did not finish.</exception>
    /// <exception cref="GpuAccessException">The device failed.</exception>
    [FenceCritical]
    public void UnmapPages([Consumes] MappedRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.Owner != this)
            ThrowForeign(nameof(range));
        GpuStatus status;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            if (_disposed)
                ThrowDisposed();
            if (!range.IsMapped)
                ThrowNotMapped(range);
            status = Unmap(range);
        }

        if (status != GpuStatus.Ok)
            Throw(status);
    }

    /// <summary>
    /// Allows or forbids writes to a mapped range, and waits until no TLB knows otherwise. If it fails, the range is as before; if taking it
    /// back fails too, pages may have either permission until a repeated call succeeds.
    /// </summary>
    /// <param name="range">The range, of this manager.</param>
    /// <param name="writable">Whether writes are allowed.</param>
    /// <exception cref="ArgumentException">The range is another manager's, or not mapped (any more).</exception>
    /// <exception cref="GpuTimeoutException">The TLB invalidation did not finish.</exception>
    /// <exception cref="GpuAccessException">The device failed.</exception>
    [FenceCritical]
    public void ProtectPages(MappedRange range, bool writable)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.Owner != this)
            ThrowForeign(nameof(range));
        GpuStatus status;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            if (_disposed)
                ThrowDisposed();
            if (!range.IsMapped)
                ThrowNotMapped(range);
            status = Protect(range, writable);
        }

        if (status != GpuStatus.Ok)
            Throw(status);
    }

    private GpuStatus Execute(PreparedMapping prepared, ReadOnlySpan<Pfn> frames, PageAttributes attributes)
    {
        if (prepared.State == JobState.UndoOwed)
        {
            GpuStatus undone = Undo(prepared);
            if (undone != GpuStatus.Ok)
                return undone;
        }

        prepared.Attempted = true;
        Span<ulong> buffer = stackalloc ulong[1 << MmuLayout.DualShift];
        VaRange range = prepared.Range;
        range.IsWritten = true;
        var job = new MapJob
        {
            Prepared = prepared,
            Frames = frames,
            Buffer = buffer,
            First = range.First,
            End = range.End,
            Reached = range.First,
            Template = Pte.Vram(Version, default, attributes).Raw,
            FrameShift = Pte.FrameShift(Version),
            Sizes = prepared.Sizes,
        };
        GpuStatus status;
        using (PraminWindow window = _mm.Pramin.Window())
            status = _tree.Map(in window, ref job);

        // Entries that were invalid are in no TLB; only if one was changed that may be, the far ones have to be waited for.
        if (status == GpuStatus.Ok)
            status = _mm.Tlb.TryFlush(Root, job.ChangedValid ? TlbAck.Globally : TlbAck.None);
        if (status == GpuStatus.Ok)
        {
            prepared.State = JobState.Executed;
            prepared.Result.IsMapped = true;
            prepared.Result.IsWritable = attributes.Writable;
            prepared.MoveTablesTo(_unused);
            return GpuStatus.Ok;
        }

        prepared.Reached = job.Reached;
        prepared.State = JobState.UndoOwed;
        Undo(prepared);
        return status;
    }

    /// <summary>Takes back what a failed execute wrote. Until that succeeds the range stays reserved and its tables stay.</summary>
    private GpuStatus Undo(PreparedMapping job)
    {
        GpuStatus status;
        using (PraminWindow window = _mm.Pramin.Window())
            status = _tree.Sweep(in window, job.Range.First, job.Reached, SweepMode.Clear);
        if (status == GpuStatus.Ok)
            status = _mm.Tlb.TryFlush(Root, TlbAck.Globally);
        if (status == GpuStatus.Ok)
        {
            job.Range.IsWritten = false;
            job.State = JobState.Prepared;
        }

        return status;
    }

    private GpuStatus Unmap(MappedRange mapped)
    {
        VaRange range = mapped.Range;
        GpuStatus status = SweepAndFlush(range, SweepMode.Retire);
        if (status == GpuStatus.Ok)
        {
            _tree.ForgetLeaves(range.First, range.End);
            _space.Release(range);
            mapped.IsMapped = false;
            return GpuStatus.Ok;
        }

        // What cannot be revived either is unmapped by the next try, which passes over what is retired.
        using (PraminWindow window = _mm.Pramin.Window())
            _tree.Sweep(in window, range.First, range.End, SweepMode.Revive);
        return status;
    }

    private GpuStatus Protect(MappedRange mapped, bool writable)
    {
        GpuStatus status = SweepAndFlush(mapped.Range, writable ? SweepMode.AllowWrites : SweepMode.ForbidWrites);
        if (status == GpuStatus.Ok)
            mapped.IsWritable = writable;
        else if (mapped.IsWritable != writable)
            SweepAndFlush(mapped.Range, writable ? SweepMode.ForbidWrites : SweepMode.AllowWrites);
        return status;
    }

    private GpuStatus SweepAndFlush(VaRange range, SweepMode mode)
    {
        GpuStatus status;
        using (PraminWindow window = _mm.Pramin.Window())
            status = _tree.Sweep(in window, range.First, range.End, mode);
        return status == GpuStatus.Ok ? _mm.Tlb.TryFlush(Root, TlbAck.Globally) : status;
    }

    private void CheckFrames(ReadOnlySpan<Pfn> frames)
    {
        ulong limit = Math.Min(_mm.VramPages - 1, Version.MaxVramPfn().Raw);
        // No frame is above all their bits together.
        if (EntryRuns.Or(MemoryMarshal.Cast<Pfn, ulong>(frames)) <= limit)
            return;
        for (int i = 0; i < frames.Length; i++)
        {
            if (frames[i].Raw > limit)
                ThrowBadFrame(i, frames[i], limit);
        }
    }

    [DoesNotReturn]
    private static void ThrowBadFrame(int index, Pfn frame, ulong limit) =>
        throw new ArgumentOutOfRangeException("frames", $"frames[{index}] is {frame}; the last one that can be mapped is PFN 0x{limit:X}.");

    [DoesNotReturn]
    private static void ThrowForeign(string name) => throw new ArgumentException("It belongs to another Vmm.", name);

    [DoesNotReturn]
    private static void ThrowWrongCount(int frames, ulong pages) =>
        throw new ArgumentException($"{frames} frames were given for {pages} prepared pages.", nameof(frames));

    [DoesNotReturn]
    private static void ThrowBadKind(PteKind kind) =>
        throw new ArgumentOutOfRangeException("attributes", kind, "A storage kind lies between 0 and 15.");

    [DoesNotReturn]
    private static void ThrowUsedUp(JobState state) =>
        throw new ArgumentException($"The job was {(state == JobState.Executed ? "executed" : "disposed of")} already.", "prepared");

    [DoesNotReturn]
    private static void ThrowNotMapped(MappedRange range) =>
        throw new ArgumentException($"The {range.Pages} pages from {range.Start} are not mapped any more.", nameof(range));

    [DoesNotReturn]
    private static void ThrowDisposed() => throw new ObjectDisposedException(nameof(Vmm));

    [DoesNotReturn]
    private static void Throw(GpuStatus status) => throw status switch
    {
        GpuStatus.Occupied => new InvalidOperationException(
            "Something in the range is mapped already, though not by this Vmm. Nothing was changed."),
        GpuStatus.TimedOut => new GpuTimeoutException(
            $"The TLB invalidation did not finish within {Tlb.TimeoutNanoseconds / 1_000_000} ms."),
        _ => new GpuAccessException("A page table or a TLB register could not be accessed."),
    };
}
