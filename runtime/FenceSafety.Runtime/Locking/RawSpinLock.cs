namespace FenceSafety.Runtime.Locking;

/// <summary>
/// A lock whose waiters spin, like the kernel's <c>raw_spinlock_t</c>: exclusive, not recursive, held for a few instructions. Nothing that
/// may sleep is allowed under it: no blocking allocation, no fence wait, no sleeping lock.
/// </summary>
/// <remarks>A class, other than <see cref="System.Threading.SpinLock"/>, so that a copy cannot split the lock in two.</remarks>
[LockPrimitive(LockKind.Spin)]
public sealed class RawSpinLock
{
    // The managed id of the thread that holds the lock; 0 while it is free.
    private int _owner;

    /// <summary>Makes a spin lock of the class of that name.</summary>
    /// <param name="className">The lock class's name; not blank.</param>
    /// <exception cref="ArgumentException"><paramref name="className"/> is blank.</exception>
    public RawSpinLock(string className)
        : this(LockClass.Of(className))
    {
    }

    /// <summary>Makes a spin lock of a lock class.</summary>
    /// <param name="lockClass">The class.</param>
    public RawSpinLock(LockClass lockClass)
    {
        ArgumentNullException.ThrowIfNull(lockClass);
        Class = lockClass;
    }

    /// <summary>The lock class that lockdep knows this lock by.</summary>
    public LockClass Class { get; }

    /// <summary>Whether the calling thread holds the lock.</summary>
    public bool IsHeldByCurrentThread => Volatile.Read(ref _owner) == Environment.CurrentManagedThreadId;

    /// <summary>Takes the lock, spinning until it is free.</summary>
    /// <returns>A guard whose <see cref="Guard.Dispose"/> releases it; to be disposed by the same thread.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already; it keeps holding it once.</exception>
    [AcquiresLock]
    public Guard Lock()
    {
        if (Lockdep.Enabled)
        {
            LockdepGraph.Current.MightLock(Class, this, HeldKind.Spin);
        }

        int self = Environment.CurrentManagedThreadId;
        if (Interlocked.CompareExchange(ref _owner, self, 0) != 0)
        {
            Spin(self);
        }

        if (Lockdep.Enabled)
        {
            HeldLocks.Push(Class, this, HeldKind.Spin);
        }

        return new Guard(this);
    }

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="guard">On success the guard to dispose; else one whose disposal does nothing.</param>
    /// <returns>False if a thread, this one included, holds it.</returns>
    [AcquiresLock(Try = true)]
    public bool TryLock(out Guard guard)
    {
        if (Lockdep.Enabled)
        {
            HeldLocks.ThrowIfFull(Class);
        }

        bool taken = Interlocked.CompareExchange(ref _owner, Environment.CurrentManagedThreadId, 0) == 0;
        if (Lockdep.Enabled && taken)
        {
            HeldLocks.Push(Class, this, HeldKind.Spin | HeldKind.Try);
        }

        guard = taken ? new Guard(this) : default;
        return taken;
    }

    /// <summary>Releases the lock.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it.</exception>
    [ReleasesLock]
    internal void Unlock()
    {
        if (!IsHeldByCurrentThread)
        {
            throw new SynchronizationLockException($"The spin lock '{Class}' is not held by this thread.");
        }

        if (Lockdep.Enabled)
        {
            HeldLocks.Pop(this);
        }

        Volatile.Write(ref _owner, 0);
    }

    private void Spin(int self)
    {
        if (Volatile.Read(ref _owner) == self)
        {
            throw new LockRecursionException($"The spin lock '{Class}' is held by this thread already, and spin locks are not recursive.");
        }

        SpinWait spinner = default;
        do
        {
            // Yields after a few rounds: unlike in the kernel, the owner may have lost its processor.
            spinner.SpinOnce(sleep1Threshold: -1);
        }
        while (Interlocked.CompareExchange(ref _owner, self, 0) != 0);
    }

    /// <summary>A held spin lock; disposing it releases.</summary>
    public readonly ref struct Guard : IDisposable
    {
        private readonly RawSpinLock? _lock;

        internal Guard(RawSpinLock spinLock) => _lock = spinLock;

        /// <summary>Releases the lock; does nothing for a guard that holds none.</summary>
        /// <exception cref="SynchronizationLockException">It was released before.</exception>
        public void Dispose() => _lock?.Unlock();
    }
}
