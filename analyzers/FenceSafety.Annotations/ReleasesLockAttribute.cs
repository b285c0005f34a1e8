namespace FenceSafety;

/// <summary>
/// A call releases a lock that was held when it began: the receiver, or the named field, property or parameter.
/// </summary>
/// <remarks>A call of such a member is exactly that release, without any other effect. May be repeated to name several locks.</remarks>
/// <example>
/// <code>
/// [ReleasesLock(nameof(_gate))]
/// private void Leave() { }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, AllowMultiple = true)]
public sealed class ReleasesLockAttribute : Attribute
{
    /// <summary>The receiver is the lock.</summary>
    public ReleasesLockAttribute()
    {
    }

    /// <summary>A member or parameter is the lock.</summary>
    /// <param name="target">The name of a field or property of the declaring type, or of a parameter of the method.</param>
    public ReleasesLockAttribute(string target) => Target = target;

    /// <summary>The name of the field, property or parameter that is the lock; null for the receiver.</summary>
    public string? Target { get; }

    /// <summary>Whether it is a shared (reading) acquisition that ends.</summary>
    public bool Shared { get; set; }
}
