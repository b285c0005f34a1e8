namespace FenceSafety.Runtime.Locking;

/// <summary>
/// A reader-writer lock whose waiters sleep, like the kernel's <c>rw_semaphore</c>: many readers or one writer, not recursive. A queued
/// writer makes new readers wait, so a reader counts as much as a writer in the lock order.
/// </summary>
[LockPrimitive(LockKind.Sleeping)]
public sealed class RwSemaphore
{
    private readonly object _gate = new();
    private int _readers;
    private int _waitingWriters;

    // The managed id of the thread that holds it for writing; 0 if none does.
    private int _writer;

    /// <summary>Makes a reader-writer lock of the class of that name.</summary>
    /// <param name="className">The lock class's name; not blank.</param>
    /// <exception cref="ArgumentException"><paramref name="className"/> is blank.</exception>
    public RwSemaphore(string className)
        : this(LockClass.Of(className))
    {
    }

    /// <summary>Makes a reader-writer lock of a lock class.</summary>
    /// <param name="lockClass">The class.</param>
    public RwSemaphore(LockClass lockClass)
    {
        ArgumentNullException.ThrowIfNull(lockClass);
        Class = lockClass;
    }

    /// <summary>The lock class that lockdep knows this lock by.</summary>
    public LockClass Class { get; }

    /// <summary>Takes the lock for reading, sleeping while a writer holds it or waits for it.</summary>
    /// <returns>A guard whose <see cref="ReadGuard.Dispose"/> releases it.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it for writing.</exception>
    [AcquiresLock(Shared = true)]
    public ReadGuard ReadLock()
    {
        if (Lockdep.Enabled)
        {
            LockdepGraph.Current.MightLock(Class, this, HeldKind.Sleeping | HeldKind.Shared);
        }

        lock (_gate)
        {
            ThrowIfWriter();
            while (_writer != 0 || _waitingWriters > 0)
            {
                Monitor.Wait(_gate);
            }

            _readers++;
        }

        if (Lockdep.Enabled)
        {
            HeldLocks.Push(Class, this, HeldKind.Sleeping | HeldKind.Shared);
        }

        return new ReadGuard(this);
    }

    /// <summary>Takes the lock for writing, sleeping until no reader and no writer holds it.</summary>
    /// <returns>A guard whose <see cref="WriteGuard.Dispose"/> releases it; to be disposed by the same thread.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it for writing already.</exception>
    [AcquiresLock]
    public WriteGuard WriteLock()
    {
        if (Lockdep.Enabled)
        {
            LockdepGraph.Current.MightLock(Class, this, HeldKind.Sleeping);
        }

        lock (_gate)
        {
            ThrowIfWriter();
            _waitingWriters++;
            try
            {
                while (_writer != 0 || _readers > 0)
                {
                    Monitor.Wait(_gate);
                }

                _writer = Environment.CurrentManagedThreadId;
            }
            finally
            {
                // An interrupted wait must not leave the readers waiting for a writer that will never come.
                if (--_waitingWriters == 0 && _writer == 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }

        if (Lockdep.Enabled)
        {
            HeldLocks.Push(Class, this, HeldKind.Sleeping);
        }

        return new WriteGuard(this);
    }

    /// <summary>Takes the lock for reading if that needs no waiting.</summary>
    /// <param name="guard">On success the guard to dispose; else one whose disposal does nothing.</param>
    /// <returns>False if a writer holds it or waits for it.</returns>
    [AcquiresLock(Try = true, Shared = true)]
    public bool TryReadLock(out ReadGuard guard)
    {
        if (Lockdep.Enabled)
        {
            HeldLocks.ThrowIfFull(Class);
        }

        lock (_gate)
        {
            bool taken = _writer == 0 && _waitingWriters == 0;
            _readers += taken ? 1 : 0;
            if (Lockdep.Enabled && taken)
            {
                HeldLocks.Push(Class, this, HeldKind.Sleeping | HeldKind.Shared | HeldKind.Try);
            }

            guard = taken ? new ReadGuard(this) : default;
            return taken;
        }
    }

    /// <summary>Takes the lock for writing if that needs no waiting.</summary>
    /// <param name="guard">On success the guard to dispose; else one whose disposal does nothing.</param>
    /// <returns>False if anyone holds it.</returns>
    [AcquiresLock(Try = true)]
    public bool TryWriteLock(out WriteGuard guard)
    {
        if (Lockdep.Enabled)
        {
            HeldLocks.ThrowIfFull(Class);
        }

        lock (_gate)
        {
            bool taken = _writer == 0 && _readers == 0;
            _writer = taken ? Environment.CurrentManagedThreadId : _writer;
            if (Lockdep.Enabled && taken)
            {
                HeldLocks.Push(Class, this, HeldKind.Sleeping | HeldKind.Try);
            }

            guard = taken ? new WriteGuard(this) : default;
            return taken;
        }
    }

    /// <summary>Releases one read lock.</summary>
    /// <exception cref="SynchronizationLockException">No reader holds it.</exception>
    [ReleasesLock(Shared = true)]
    internal void ReadUnlock()
    {
        lock (_gate)
        {
            if (_readers == 0)
            {
                throw new SynchronizationLockException($"The lock '{Class}' is held by no reader.");
            }

            if (Lockdep.Enabled)
            {
                HeldLocks.Pop(this);
            }

            if (--_readers == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Releases the write lock.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it for writing.</exception>
    [ReleasesLock]
    internal void WriteUnlock()
    {
        lock (_gate)
        {
            if (_writer != Environment.CurrentManagedThreadId)
            {
                throw new SynchronizationLockException($"The lock '{Class}' is not held for writing by this thread.");
            }

            if (Lockdep.Enabled)
            {
                HeldLocks.Pop(this);
            }

            _writer = 0;
            Monitor.PulseAll(_gate);
        }
    }

    private void ThrowIfWriter()
    {
        if (_writer == Environment.CurrentManagedThreadId)
        {
            throw new LockRecursionException($"The lock '{Class}' is held for writing by this thread already, and it is not recursive.");
        }
    }

    /// <summary>A lock held for reading; disposing it releases.</summary>
    public readonly ref struct ReadGuard : IDisposable
    {
        private readonly RwSemaphore? _lock;

        internal ReadGuard(RwSemaphore owner) => _lock = owner;

        /// <summary>Releases the lock; does nothing for a guard that holds none.</summary>
        /// <exception cref="SynchronizationLockException">It was released before, and no reader is left.</exception>
        public void Dispose() => _lock?.ReadUnlock();
    }

    /// <summary>A lock held for writing; disposing it releases.</summary>
    public readonly ref struct WriteGuard : IDisposable
    {
        private readonly RwSemaphore? _lock;

        internal WriteGuard(RwSemaphore owner) => _lock = owner;

        /// <summary>Releases the lock; does nothing for a guard that holds none.</summary>
        /// <exception cref="SynchronizationLockException">It was released before.</exception>
        public void Dispose() => _lock?.WriteUnlock();
    }
}
