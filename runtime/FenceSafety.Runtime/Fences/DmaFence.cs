using System.Diagnostics;
using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Fences;

/// <summary>
/// A promise that work will end in bounded time. Made before the work is submitted, published when others can reach it, and from then on
/// bound to signal: whatever must happen until then is fence-critical.
/// </summary>
public sealed class DmaFence
{
    [FenceSafeLock]
    [LockClass("dma_fence")]
    private readonly object _gate = new();
    private DmaFenceCallback? _firstCallback;
    private DmaFenceCallback? _lastCallback;
    private volatile bool _isSignaled;
    private ulong _seqno;

    internal DmaFence(FenceTimeline timeline) => Timeline = timeline;

    /// <summary>The timeline on which it signals in order.</summary>
    public FenceTimeline Timeline { get; }

    /// <summary>Its place on the timeline, from 1 up; 0 until it is published.</summary>
    public ulong Seqno => Volatile.Read(ref _seqno);

    /// <summary>Whether others can reach it.</summary>
    public bool IsPublished => Seqno != 0;

    /// <summary>Whether it has signalled, with or without an error.</summary>
    public bool IsSignaled => _isSignaled;

    /// <summary>Why it signalled without the work being done; <see cref="FenceError.None"/> until it has signalled.</summary>
    public FenceError Error { get; private set; }

    /// <summary>When it must have signalled, as a <see cref="Stopwatch"/> time stamp.</summary>
    internal long Deadline { get; private set; }

    /// <summary>The fence published after it, while both are pending.</summary>
    internal DmaFence? Next { get; set; }

    /// <summary>Signals: the work is done.</summary>
    /// <returns>False if it had signalled before, as after a hang recovery.</returns>
    /// <exception cref="InvalidOperationException">It is not published, or an earlier fence of the timeline is still pending.</exception>
    [FenceCritical]
    public bool Signal() => Timeline.Signal(this, FenceError.None);

    /// <summary>Signals although the work was not done.</summary>
    /// <param name="error">Why; not <see cref="FenceError.None"/>.</param>
    /// <returns>False if it had signalled before.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is no error.</exception>
    /// <exception cref="InvalidOperationException">It is not published, or an earlier fence of the timeline is still pending.</exception>
    [FenceCritical]
    public bool SignalError(FenceError error)
    {
        if (error is <= FenceError.None or > FenceError.Reset)
        {
            throw new ArgumentOutOfRangeException(nameof(error), error, "An error from Failed to Reset is needed.");
        }

        return Timeline.Signal(this, error);
    }

    /// <summary>Waits until it has signalled.</summary>
    /// <exception cref="InvalidOperationException">It is not published, so nobody is bound to signal it.</exception>
    [WaitsForFence]
    public void Wait() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>Waits until it has signalled, or some time has passed.</summary>
    /// <param name="timeout">How long at most; 0 looks without waiting, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <returns>Whether it has signalled.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    /// <exception cref="InvalidOperationException">It is not published, so nobody is bound to signal it.</exception>
    [WaitsForFence]
    public bool Wait(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time of 0 or more, or infinite, is needed.");
        }

        ThrowIfUnpublished();

        // Even if it has signalled: next time it may not have.
        if (timeout != TimeSpan.Zero)
        {
            Timeline.WaitMap.Acquire();
            Timeline.WaitMap.Release();
        }

        return _isSignaled || WaitForSignal(timeout);
    }

    /// <summary>Has something done when the fence signals.</summary>
    /// <param name="callback">What; an object that is on no other fence.</param>
    /// <returns>False if the fence has signalled already; the callback then does not run.</returns>
    /// <exception cref="ArgumentException">The callback is on a fence already.</exception>
    [FenceCritical]
    public bool AddCallback(DmaFenceCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        lock (_gate)
        {
            if (callback.Fence is not null)
            {
                throw new ArgumentException("The callback is on a fence already.", nameof(callback));
            }

            if (_isSignaled)
            {
                return false;
            }

            callback.Fence = this;
            callback.Next = null;
            if (_lastCallback is null)
            {
                _firstCallback = callback;
            }
            else
            {
                _lastCallback.Next = callback;
            }

            _lastCallback = callback;
            return true;
        }
    }

    /// <summary>Takes a callback back.</summary>
    /// <param name="callback">The callback.</param>
    /// <returns>False if it is not on this fence, as it has run or is about to.</returns>
    [FenceCritical]
    public bool RemoveCallback(DmaFenceCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        lock (_gate)
        {
            DmaFenceCallback? before = null;
            for (DmaFenceCallback? at = _firstCallback; at is not null; before = at, at = at.Next)
            {
                if (at != callback)
                {
                    continue;
                }

                if (before is null)
                {
                    _firstCallback = at.Next;
                }
                else
                {
                    before.Next = at.Next;
                }

                _lastCallback = _lastCallback == at ? before : _lastCallback;
                at.Fence = null;
                return true;
            }

            return false;
        }
    }

    /// <summary>Gives it its place; called once, by the timeline.</summary>
    internal void SetPublished(ulong seqno, long deadline)
    {
        Deadline = deadline;
        Volatile.Write(ref _seqno, seqno);
    }

    internal void ThrowIfUnpublished()
    {
        if (!IsPublished)
        {
            throw new InvalidOperationException($"The fence of timeline '{Timeline.Name}' is not published.");
        }
    }

    /// <summary>Becomes signalled, wakes the waiters and runs the callbacks; called once, by the timeline.</summary>
    [FenceCritical]
    internal void Complete(FenceError error)
    {
        DmaFenceCallback? callback;
        lock (_gate)
        {
            Error = error;
            _isSignaled = true;
            callback = _firstCallback;
            _firstCallback = null;
            _lastCallback = null;
            Monitor.PulseAll(_gate);
        }

        while (callback is not null)
        {
            // Once it runs, it may be put on another fence.
            DmaFenceCallback? next = callback.Next;
            callback.Next = null;
            callback.Fence = null;
            callback.OnSignaled(this);
            callback = next;
        }
    }

    [WaitsForFence]
    private bool WaitForSignal(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!_isSignaled)
            {
                TimeSpan left = timeout == Timeout.InfiniteTimeSpan ? timeout : timeout - Stopwatch.GetElapsedTime(start);
                if ((left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan) || !Monitor.Wait(_gate, left))
                {
                    return _isSignaled;
                }
            }

            return true;
        }
    }
}
