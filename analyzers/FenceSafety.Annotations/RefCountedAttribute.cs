namespace FenceSafety;

/// <summary>
/// Instances live as long as somebody holds a reference. One that was found under a lock must not be blocked on after that lock is
/// released, unless a reference was taken before (FENCE014).
/// </summary>
/// <example>
/// <code>
/// [RefCounted(Acquire = nameof(TryGet), Release = nameof(Put))]
/// public sealed class VmBo
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class RefCountedAttribute : Attribute
{
    /// <summary>The name of the method that takes a reference.</summary>
    public string? Acquire { get; set; }

    /// <summary>The name of the method that gives a reference back.</summary>
    public string? Release { get; set; }
}
