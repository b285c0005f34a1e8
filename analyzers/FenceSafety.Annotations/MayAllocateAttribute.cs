namespace FenceSafety;

/// <summary>
/// The code may make a blocking allocation: one that may enter memory reclaim, and so wait for fences. Fence-critical code must not
/// reach it (FENCE001), nor may it be reached under a lock that fence-critical code takes (FENCE004).
/// </summary>
/// <remarks>
/// The attribute adds an effect; what the body is seen to do (its locks, its waits) still counts. With
/// <see cref="FlagsParameter"/> the allocation blocks only if the argument has one of the <see cref="BlockingFlags"/>: a constant
/// without them is harmless, a parameter that the caller passes on is decided at the caller's call sites, and any other value
/// that is no constant counts as blocking.
/// </remarks>
/// <example>
/// <code>
/// [MayAllocate(FlagsParameter = nameof(flags), BlockingFlags = GfpFlags.DirectReclaim)]
/// public Page AllocatePage(GfpFlags flags)
/// </code>
/// </example>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Delegate
        | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class MayAllocateAttribute : Attribute
{
    /// <summary>The name of the parameter that decides whether this call blocks; null if every call may.</summary>
    public string? FlagsParameter { get; set; }

    /// <summary>
    /// The bits of <see cref="FlagsParameter"/> that make the allocation a blocking one: a constant of the parameter's enum type, or
    /// an integer.
    /// </summary>
    public object? BlockingFlags { get; set; }
}
