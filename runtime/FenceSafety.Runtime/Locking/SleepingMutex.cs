using System.Diagnostics.CodeAnalysis;

namespace FenceSafety.Runtime.Locking;

/// <summary>
/// A mutex whose waiters sleep, like the kernel's <c>struct mutex</c>: exclusive, owned by a thread, not recursive. Blocking allocations
/// are allowed under it, which is what makes it dangerous to a fence-critical section. Taking it takes nothing from the managed heap, even
/// if it has to be waited for.
/// </summary>
[LockPrimitive(LockKind.Sleeping)]
public sealed class SleepingMutex
{
    // Not a System.Threading.Lock: that makes its wait event, and what it needs of the thread, on the managed heap when it is first
    // contended for, which may be in fence-critical code. A monitor waits in the runtime's own memory.
    private readonly object _gate = new();
    private bool _held;

    /// <summary>Makes a mutex of the class of that name.</summary>
    /// <param name="className">The lock class's name; not blank.</param>
    /// <exception cref="ArgumentException"><paramref name="className"/> is blank.</exception>
    public SleepingMutex(string className)
        : this(LockClass.Of(className))
    {
    }

    /// <summary>Makes a mutex of a lock class.</summary>
    /// <param name="lockClass">The class.</param>
    public SleepingMutex(LockClass lockClass)
    {
        ArgumentNullException.ThrowIfNull(lockClass);
        Class = lockClass;
    }

    /// <summary>The lock class that lockdep knows this mutex by.</summary>
    public LockClass Class { get; }

    /// <summary>Whether the calling thread holds the mutex.</summary>
    public bool IsHeldByCurrentThread => Monitor.IsEntered(_gate);

    /// <summary>Takes the mutex, sleeping until it is free.</summary>
    /// <returns>A guard whose <see cref="Guard.Dispose"/> releases it; to be disposed by the same thread.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already; it keeps holding it once.</exception>
    [AcquiresLock]
    public Guard Lock()
    {
        if (Lockdep.Enabled)
        {
            LockdepGraph.Current.MightLock(Class, this, HeldKind.Sleeping);
        }

        Monitor.Enter(_gate);
        if (_held)
        {
            ThrowRecursion();
        }

        _held = true;
        if (Lockdep.Enabled)
        {
            HeldLocks.Push(Class, this, HeldKind.Sleeping);
        }

        return new Guard(this);
    }

    /// <summary>Takes the mutex if that needs no waiting.</summary>
    /// <param name="guard">On success the guard to dispose; else one whose disposal does nothing.</param>
    /// <returns>False if a thread, this one included, holds it.</returns>
    [AcquiresLock(Try = true)]
    public bool TryLock(out Guard guard)
    {
        if (Lockdep.Enabled)
        {
            HeldLocks.ThrowIfFull(Class);
        }

        guard = default;
        if (!Monitor.TryEnter(_gate))
        {
            return false;
        }

        if (_held)
        {
            Monitor.Exit(_gate);
            return false;
        }

        _held = true;
        if (Lockdep.Enabled)
        {
            HeldLocks.Push(Class, this, HeldKind.Sleeping | HeldKind.Try);
        }

        guard = new Guard(this);
        return true;
    }

    /// <summary>Releases the mutex.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it.</exception>
    [ReleasesLock]
    internal void Unlock()
    {
        if (!Monitor.IsEntered(_gate))
        {
            throw new SynchronizationLockException($"The mutex '{Class}' is not held by this thread.");
        }

        if (Lockdep.Enabled)
        {
            HeldLocks.Pop(this);
        }

        _held = false;
        Monitor.Exit(_gate);
    }

    [DoesNotReturn]
    private void ThrowRecursion()
    {
        Monitor.Exit(_gate);
        throw new LockRecursionException($"The mutex '{Class}' is held by this thread already, and mutexes are not recursive.");
    }

    /// <summary>A held mutex; disposing it releases.</summary>
    public readonly ref struct Guard : IDisposable
    {
        private readonly SleepingMutex? _mutex;

        internal Guard(SleepingMutex mutex) => _mutex = mutex;

        /// <summary>Releases the mutex; does nothing for a guard that holds none.</summary>
        /// <exception cref="SynchronizationLockException">It was released before.</exception>
        public void Dispose() => _mutex?.Unlock();
    }
}
