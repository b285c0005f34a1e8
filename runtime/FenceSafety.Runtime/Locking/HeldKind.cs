namespace FenceSafety.Runtime.Locking;

/// <summary>How a lock is held.</summary>
[Flags]
internal enum HeldKind : byte
{
    /// <summary>By a lock whose waiters sleep, or as a context node.</summary>
    Sleeping = 0,

    /// <summary>By a lock whose waiters spin.</summary>
    Spin = 1,

    /// <summary>For reading, together with others.</summary>
    Shared = 2,

    /// <summary>Acquired without waiting, so that nothing held before can have been waited under.</summary>
    Try = 4,

    /// <summary>Not a lock, but fence-critical code.</summary>
    Fence = 8,

    /// <summary>Not a lock, but memory reclaim.</summary>
    Reclaim = 16,
}
