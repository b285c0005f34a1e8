using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <content>Cleanup: giving back, outside the critical section, what execute and unmap could not.</content>
public sealed partial class Vmm
{
    /// <summary>
    /// Frees the tables that executed jobs turned out not to need, and retries what a failing device kept from being undone.
    /// </summary>
    /// <exception cref="GpuException">The device still fails. Nothing is lost: call again.</exception>
    [MayAllocate]
    public void Cleanup()
    {
        var freed = new TableStack();
        GpuStatus status = GpuStatus.Ok;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _unused.MoveTo(freed);
            while (_quarantine is { } job && status == GpuStatus.Ok)
            {
                status = Undo(job);
                job.State = JobState.Dropped;
                if (status != GpuStatus.Ok)
                    break;
                _space.Release(job.Range);
                _quarantine = job.NextQuarantined;
                job.NextQuarantined = null;
            }
        }

        Free(freed);
        if (status != GpuStatus.Ok)
            Throw(status);
    }

    /// <summary>Frees the tables in whose span no address is reserved: all memory that mappings have cost and that nobody uses.</summary>
    /// <exception cref="GpuException">The device failed. Nothing is lost: call again.</exception>
    [MayAllocate]
    public void TrimTables()
    {
        Cleanup();
        GpuStatus status = TryTrim();
        if (status != GpuStatus.Ok)
            Throw(status);
    }

    /// <summary>
    /// Unmaps everything that is still mapped, and frees all tables once no TLB knows them. Ranges and jobs of this manager can only be
    /// dropped then, and other calls are refused.
    /// </summary>
    /// <exception cref="GpuException">
    /// The device failed. Tables may be unlinked already, so other calls are refused, but nothing is freed: call again.
    /// </exception>
    [MayAllocate]
    public void Dispose()
    {
        var freed = new TableStack();
        var nothing = new VaSpace(Version.AddressSpacePages());
        GpuStatus status;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            if (_tornDown)
                return;
            _disposed = true;
            status = TearDown(nothing);
            if (status == GpuStatus.Ok)
            {
                _tornDown = true;
                _unused.MoveTo(freed);
                _tree.Retired.MoveTo(freed);
            }
        }

        if (status != GpuStatus.Ok)
            Throw(status);
        if (_tree.Root.Owned)
            freed.Push(_tree.Root);
        Free(freed);
        _mm.Unclaim(Root);
    }

    private GpuStatus TearDown(VaSpace nothing)
    {
        GpuStatus status = GpuStatus.Ok;
        using (PraminWindow window = _mm.Pramin.Window())
        {
            // With firmware's tables, entries of ours may stand in a table that stays.
            VaRange? range = _tree.Root.Owned ? null : _space.First();
            while (range is not null && status == GpuStatus.Ok)
            {
                if (range.IsWritten)
                    status = _tree.Sweep(in window, range.First, range.End, SweepMode.Clear);
                range = _space.After(range);
            }

            if (status == GpuStatus.Ok)
                status = _tree.Trim(in window, nothing);
        }

        return status == GpuStatus.Ok ? _mm.Tlb.TryFlush(Root, TlbAck.Globally) : status;
    }

    private GpuStatus TryTrim()
    {
        var freed = new TableStack();
        GpuStatus status;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            if (_disposed)
                return GpuStatus.Ok;
            using (PraminWindow window = _mm.Pramin.Window())
                status = _tree.Trim(in window, _space);
            if (_tree.Retired.Count != 0)
            {
                GpuStatus flushed = _mm.Tlb.TryFlush(Root, TlbAck.Globally);
                if (flushed == GpuStatus.Ok)
                    _tree.Retired.MoveTo(freed);
                else
                    status = flushed;
            }
        }

        Free(freed);
        return status;
    }

    private void Free(TableStack tables)
    {
        if (tables.Count == 0)
            return;
        var frames = new VramFrame[tables.Count];
        for (int i = 0; tables.Pop() is { } table; i++)
            frames[i] = table.Frame;
        _mm.Allocator.FreeFrames(frames);
    }
}
