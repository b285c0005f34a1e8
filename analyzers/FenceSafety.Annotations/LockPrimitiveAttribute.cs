namespace FenceSafety;

/// <summary>
/// An instance of this type is a lock. Its members say with <see cref="AcquiresLockAttribute"/> and
/// <see cref="ReleasesLockAttribute"/> what they do to it.
/// </summary>
/// <example>
/// <code>
/// [LockPrimitive(LockKind.Spin)]
/// public struct TicketLock
/// {
///     [AcquiresLock] public void Enter() { }
///     [ReleasesLock] public void Exit() { }
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class LockPrimitiveAttribute : Attribute
{
    /// <summary>Declares the type a lock.</summary>
    /// <param name="kind">How threads wait for it.</param>
    public LockPrimitiveAttribute(LockKind kind) => Kind = kind;

    /// <summary>How threads wait for the lock.</summary>
    public LockKind Kind { get; }

    /// <summary>
    /// Whether the thread that holds the lock may take it again. If not (the default), a second acquisition of the same instance is a
    /// self-deadlock (FENCE005).
    /// </summary>
    public bool Recursive { get; set; }
}
