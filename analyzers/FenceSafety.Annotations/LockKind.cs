namespace FenceSafety;

/// <summary>How a thread waits for a lock that another thread holds. It decides what may be done while the lock is held.</summary>
public enum LockKind
{
    /// <summary>The waiting thread sleeps. Whoever holds the lock may sleep too, as long as no fence-critical code waits for it.</summary>
    Sleeping,

    /// <summary>
    /// The waiting thread spins. Whoever holds the lock must not sleep, make a blocking allocation, or take a sleeping lock (FENCE006).
    /// </summary>
    Spin,
}
