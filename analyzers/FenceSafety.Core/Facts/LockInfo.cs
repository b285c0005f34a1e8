namespace FenceSafety.Core.Facts;

/// <summary>How a lock behaves while somebody waits for it.</summary>
public enum LockKind
{
    /// <summary>Waiting sleeps: Monitor, Mutex, semaphores.</summary>
    Sleeping,

    /// <summary>Waiting spins: nothing may sleep while it is held.</summary>
    Spin,

    /// <summary>No lock: a fence-signalling region, which is held in the same way.</summary>
    Region,

    /// <summary>No lock: a <c>[MustConsume]</c> value, which is held until it is consumed.</summary>
    Obligation,

    /// <summary>No lock: a reference held on a <c>[RefCounted]</c> object.</summary>
    Reference,
}

/// <summary>How one acquisition takes its lock.</summary>
public readonly record struct LockMode(LockKind Kind, bool Recursive = false, bool Shared = false, bool NonBlocking = false, bool Upgrade = false)
{
    public static readonly LockMode Monitor = new(LockKind.Sleeping, Recursive: true);
    public static readonly LockMode Sleeping = new(LockKind.Sleeping);
    public static readonly LockMode Spin = new(LockKind.Spin);
    public static readonly LockMode Obligation = new(LockKind.Obligation, Recursive: true);
    public static readonly LockMode Reference = new(LockKind.Reference, Recursive: true);
    public static readonly LockMode Region = new(LockKind.Region, Recursive: true);
}

/// <summary>A field or property as the name of a lock class.</summary>
/// <param name="Class">The class: a <c>[LockClass]</c> name, else the member as a documentation-comment id without its prefix.</param>
/// <param name="Display">What messages call it: <c>Type.member</c>.</param>
/// <param name="FenceSafe">The class carries <c>[FenceSafeLock]</c>.</param>
/// <param name="InjectedBy">Under what name its makers are found (<c>new Type</c>), if it is only assigned from constructor parameters.</param>
public sealed record LockInfo(string Class, string Display, bool FenceSafe = false, string? InjectedBy = null);
