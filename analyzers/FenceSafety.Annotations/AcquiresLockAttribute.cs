namespace FenceSafety;

/// <summary>
/// A call acquires a lock, which is still held when the call returns: the receiver, or the named field, property or parameter.
/// </summary>
/// <remarks>
/// A call of such a member is exactly that acquisition, without any other effect. May be repeated to name several locks.
/// </remarks>
/// <example>
/// <code>
/// [AcquiresLock(nameof(_gate))]
/// private void EnterBoth() { }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, AllowMultiple = true)]
public sealed class AcquiresLockAttribute : Attribute
{
    /// <summary>The receiver is the lock.</summary>
    public AcquiresLockAttribute()
    {
    }

    /// <summary>A member or parameter is the lock.</summary>
    /// <param name="target">The name of a field or property of the declaring type, or of a parameter of the method.</param>
    public AcquiresLockAttribute(string target) => Target = target;

    /// <summary>The name of the field, property or parameter that is the lock; null for the receiver.</summary>
    public string? Target { get; }

    /// <summary>Whether the call may fail to get the lock, and says so in its result or in a <c>ref</c> or <c>out</c> parameter.</summary>
    public bool Try { get; set; }

    /// <summary>Whether the lock is acquired for reading, together with other readers.</summary>
    public bool Shared { get; set; }
}
