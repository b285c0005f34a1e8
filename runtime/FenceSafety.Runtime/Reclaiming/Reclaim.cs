using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Reclaiming;

/// <summary>
/// Memory reclaim, as far as a driver meets it: any blocking allocation may enter it, and it then runs the MMU notifiers and shrinkers,
/// which may wait for fences. Pressure is provoked by hand, so that what is rare on a real machine happens when a test wants it.
/// </summary>
/// <remarks>
/// Instances are independent machines. An allocator calls <see cref="MightAlloc"/> at each possible blocking allocation, whether or not
/// this call needs memory, as the kernel's <c>might_alloc</c> does.
/// </remarks>
public sealed class Reclaim
{
    [ThreadStatic]
    private static bool t_isReclaiming;

    [LockClass("fs_reclaim_map")]
    private readonly LockdepMap _map = new(HeldKind.Reclaim);
    private readonly Lock _registration = new();
    private Registered[] _notifiers = [];
    private IShrinker[] _shrinkers = [];
    private int _pending;
    private long _directReclaims;

    /// <summary>Whether the calling thread is inside reclaim (the kernel's PF_MEMALLOC).</summary>
    public static bool IsReclaiming => t_isReclaiming;

    /// <summary>How often an allocation ran reclaim.</summary>
    public long DirectReclaims => Interlocked.Read(ref _directReclaims);

    /// <summary>Makes the next blocking allocations, of any thread, run reclaim.</summary>
    /// <param name="allocations">How many; 0 or more, <see cref="int.MaxValue"/> for all of them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="allocations"/> is negative.</exception>
    public void Provoke(int allocations = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(allocations);
        Volatile.Write(ref _pending, allocations);
    }

    /// <summary>Registers a notifier for an address range.</summary>
    /// <param name="notifier">The notifier; once for each range.</param>
    /// <param name="start">The first address.</param>
    /// <param name="end">The end, exclusive.</param>
    /// <exception cref="ArgumentException">The range is empty or inverted.</exception>
    public void Register(IMmuNotifier notifier, ulong start, ulong end)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        if (end <= start)
        {
            throw new ArgumentException($"The range [0x{start:X}, 0x{end:X}) is empty; its end must be above its start.", nameof(end));
        }

        lock (_registration)
        {
            Volatile.Write(ref _notifiers, [.. _notifiers, new Registered(notifier, start, end)]);
        }
    }

    /// <summary>Registers a shrinker.</summary>
    /// <param name="shrinker">The shrinker.</param>
    public void Register(IShrinker shrinker)
    {
        ArgumentNullException.ThrowIfNull(shrinker);
        lock (_registration)
        {
            Volatile.Write(ref _shrinkers, [.. _shrinkers, shrinker]);
        }
    }

    /// <summary>Removes a notifier from all its ranges. A reclaim that is under way may still call it.</summary>
    /// <param name="notifier">The notifier.</param>
    /// <returns>False if it was not registered.</returns>
    public bool Unregister(IMmuNotifier notifier)
    {
        lock (_registration)
        {
            Registered[] kept = Array.FindAll(_notifiers, known => known.Notifier != notifier);
            bool found = kept.Length != _notifiers.Length;
            Volatile.Write(ref _notifiers, kept);
            return found;
        }
    }

    /// <summary>Removes a shrinker. A reclaim that is under way may still call it.</summary>
    /// <param name="shrinker">The shrinker.</param>
    /// <returns>False if it was not registered.</returns>
    public bool Unregister(IShrinker shrinker)
    {
        lock (_registration)
        {
            IShrinker[] kept = Array.FindAll(_shrinkers, known => known != shrinker);
            bool found = kept.Length != _shrinkers.Length;
            Volatile.Write(ref _shrinkers, kept);
            return found;
        }
    }

    /// <summary>To be called wherever memory may be allocated: runs reclaim if that was provoked and the flags allow it.</summary>
    /// <param name="gfp">What the allocation may do.</param>
    [MayAllocate(FlagsParameter = nameof(gfp), BlockingFlags = Gfp.DirectReclaim)]
    public void MightAlloc(Gfp gfp)
    {
        if ((gfp & Gfp.DirectReclaim) == 0)
        {
            return;
        }

        _map.Acquire();
        _map.Release();
        if (Volatile.Read(ref _pending) != 0)
        {
            TryDirectReclaim(gfp);
        }
    }

    [MayAllocate]
    private void TryDirectReclaim(Gfp gfp)
    {
        // Reclaim does not enter itself: its own allocations use reserves.
        if (t_isReclaiming || !TakePending())
        {
            return;
        }

        t_isReclaiming = true;
        if (Lockdep.Enabled)
        {
            HeldLocks.Enter(HeldKind.Reclaim);
        }

        try
        {
            Interlocked.Increment(ref _directReclaims);
            foreach (Registered known in Volatile.Read(ref _notifiers))
            {
                known.Notifier.InvalidateRange(known.Start, known.End);
            }

            if ((gfp & Gfp.Fs) != 0)
            {
                Shrink();
            }
        }
        finally
        {
            if (Lockdep.Enabled)
            {
                HeldLocks.Leave(HeldKind.Reclaim);
            }

            t_isReclaiming = false;
        }
    }

    private void Shrink()
    {
        foreach (IShrinker shrinker in Volatile.Read(ref _shrinkers))
        {
            long count = shrinker.CountObjects();
            if (count > 0)
            {
                shrinker.ScanObjects(count);
            }
        }
    }

    private bool TakePending()
    {
        int pending = Volatile.Read(ref _pending);
        while (pending is > 0 and < int.MaxValue)
        {
            int seen = Interlocked.CompareExchange(ref _pending, pending - 1, pending);
            if (seen == pending)
            {
                return true;
            }

            pending = seen;
        }

        return pending != 0;
    }

    private readonly record struct Registered(IMmuNotifier Notifier, ulong Start, ulong End);
}
