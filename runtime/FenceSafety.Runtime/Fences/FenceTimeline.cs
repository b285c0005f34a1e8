using System.Diagnostics;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Reclaiming;

namespace FenceSafety.Runtime.Fences;

/// <summary>
/// A fence context: fences that signal in the order of their publication, each within the timeline's timeout. What does not end in time
/// is signalled by force, together with everything after it.
/// </summary>
public sealed class FenceTimeline
{
    private const string LockName = "fence_timeline";

    // Guards the list of pending fences; nothing is called under it.
    [FenceSafeLock]
    [LockClass(LockName)]
    private readonly RawSpinLock _lock = new(LockClass.Of(LockName, fenceSafe: true));
    private readonly long _timeoutTicks;
    private DmaFence? _first;
    private DmaFence? _last;
    private ulong _lastSeqno;
    private ulong _signaledSeqno;

    /// <summary>Makes a timeline.</summary>
    /// <param name="name">What messages call it; not blank.</param>
    /// <param name="timeout">How long a published fence may take: above 0, at most a day.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is out of its bounds.</exception>
    public FenceTimeline(string name, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time above 0 and of at most a day is needed.");
        }

        Name = name;
        FenceTimeout = timeout;
        _timeoutTicks = (long)(timeout.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>How long a published fence may take.</summary>
    public TimeSpan FenceTimeout { get; }

    /// <summary>What lockdep is told by before a fence is waited for.</summary>
    [LockClass("dma_fence_map")]
    internal LockdepMap WaitMap { get; } = new(HeldKind.Fence);

    /// <summary>The seqno of the fence published last; 0 before the first.</summary>
    public ulong LastSeqno => Volatile.Read(ref _lastSeqno);

    /// <summary>The seqno up to which all fences have signalled, or are just about to.</summary>
    public ulong SignaledSeqno => Volatile.Read(ref _signaledSeqno);

    /// <summary>Makes a fence that nobody knows yet. For the submit stage: it allocates.</summary>
    /// <param name="reclaim">The machine's reclaim, which the allocation may enter; null for one without pressure.</param>
    [MayAllocate]
    public DmaFence CreateFence(Reclaim? reclaim = null)
    {
        reclaim?.MightAlloc(Gfp.Kernel);
        return new DmaFence(this);
    }

    /// <summary>Gives a fence its place on the timeline: from here on it is bound to signal, so the critical section begins here.</summary>
    /// <param name="fence">A fence of this timeline that is not published yet.</param>
    /// <exception cref="ArgumentException">It belongs to another timeline, or is published.</exception>
    [FenceCritical]
    public void Publish(DmaFence fence)
    {
        ArgumentNullException.ThrowIfNull(fence);
        if (fence.Timeline != this)
        {
            throw new ArgumentException($"The fence belongs to the timeline '{fence.Timeline.Name}', not '{Name}'.", nameof(fence));
        }

        long now = Stopwatch.GetTimestamp();
        using (_lock.Lock())
        {
            if (fence.IsPublished)
            {
                throw new ArgumentException($"The fence is published already, as number {fence.Seqno}.", nameof(fence));
            }

            fence.SetPublished(_lastSeqno + 1, now + _timeoutTicks);
            Volatile.Write(ref _lastSeqno, _lastSeqno + 1);
            if (_last is null)
            {
                _first = fence;
            }
            else
            {
                _last.Next = fence;
            }

            _last = fence;
        }
    }

    /// <summary>Signals, in order, every fence up to a seqno, as hardware does that writes the seqno it has reached.</summary>
    /// <param name="seqno">The seqno reached, at most <see cref="LastSeqno"/>.</param>
    /// <returns>How many fences signalled.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No fence has that seqno yet.</exception>
    [FenceCritical]
    public int SignalUpTo(ulong seqno)
    {
        if (seqno > LastSeqno)
        {
            throw new ArgumentOutOfRangeException(nameof(seqno), seqno, $"The last fence of '{Name}' has number {LastSeqno}.");
        }

        return Complete(seqno, FenceError.None, FenceError.None, long.MaxValue);
    }

    /// <summary>Signals everything in flight, so that nobody waits for a device that is gone.</summary>
    /// <param name="error">Why; not <see cref="FenceError.None"/>.</param>
    /// <returns>How many fences signalled.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is no error.</exception>
    [FenceCritical]
    public int ForceSignalAll(FenceError error)
    {
        if (error is <= FenceError.None or > FenceError.Reset)
        {
            throw new ArgumentOutOfRangeException(nameof(error), error, "An error from Failed to Reset is needed.");
        }

        return Complete(ulong.MaxValue, error, error, long.MaxValue);
    }

    /// <summary>The hang recovery: if the oldest fence is overdue, signals everything in flight.</summary>
    /// <param name="now">The <see cref="Stopwatch"/> time stamp to judge by.</param>
    /// <returns>How many fences signalled: those that are overdue as timed out, the others as reset.</returns>
    [FenceCritical]
    public int ExpireOverdue(long now) => Complete(ulong.MaxValue, FenceError.TimedOut, FenceError.Reset, now, onlyIfOverdue: true);

    [FenceCritical]
    internal bool Signal(DmaFence fence, FenceError error)
    {
        fence.ThrowIfUnpublished();
        using FenceSignallingScope scope = FenceSignalling.Begin();
        using (_lock.Lock())
        {
            // Also while a recovery is completing it.
            if (fence.Seqno <= _signaledSeqno)
            {
                return false;
            }

            if (_first != fence)
            {
                throw new InvalidOperationException(
                    $"Fence {fence.Seqno} of '{Name}' cannot signal before fence {_signaledSeqno + 1}: a timeline signals in order.");
            }

            RemoveFirst(fence);
        }

        fence.Complete(error);
        return true;
    }

    [FenceCritical]
    private int Complete(ulong lastSeqno, FenceError overdue, FenceError others, long now, bool onlyIfOverdue = false)
    {
        using FenceSignallingScope scope = FenceSignalling.Begin();
        int count = 0;
        while (true)
        {
            DmaFence? fence;
            using (_lock.Lock())
            {
                fence = _first;
                if (fence is null || fence.Seqno > lastSeqno || (onlyIfOverdue && count == 0 && fence.Deadline > now))
                {
                    return count;
                }

                RemoveFirst(fence);
            }

            fence.Complete(fence.Deadline <= now ? overdue : others);
            count++;
        }
    }

    [RequiresLock(nameof(_lock))]
    private void RemoveFirst(DmaFence fence)
    {
        _first = fence.Next;
        _last = _first is null ? null : _last;
        fence.Next = null;
        Volatile.Write(ref _signaledSeqno, fence.Seqno);
    }
}
