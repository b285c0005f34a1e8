namespace FenceSafety;

/// <summary>
/// The argument must not be a stale <see cref="SnapshotAttribute"/> value: it has to be read, or confirmed by a new read, under the
/// named lock, or under any lock if none is named (FENCE015).
/// </summary>
/// <example>
/// <code>
/// public void Install([RequiresStable("_tableLock")] PageTableEntry expected)
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class RequiresStableAttribute : Attribute
{
    /// <summary>Any lock will do.</summary>
    public RequiresStableAttribute()
    {
    }

    /// <summary>The value must be stable under one certain lock.</summary>
    /// <param name="target">The name of a field, property or parameter that is the lock.</param>
    public RequiresStableAttribute(string target) => Target = target;

    /// <summary>The name of the lock; null if any lock will do.</summary>
    public string? Target { get; }
}
