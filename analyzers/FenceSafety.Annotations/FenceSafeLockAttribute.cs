namespace FenceSafety;

/// <summary>
/// A promise that fence-critical code may take this lock: nobody makes a blocking allocation or waits for a fence while holding it. Whoever
/// breaks the promise gets FENCE004, even if no fence-critical code that takes the lock is in sight.
/// </summary>
/// <remarks>It primes the lock-order graph with the edge from fence-critical code to the lock, as kernel drivers prime lockdep.</remarks>
/// <example>
/// <code>
/// [FenceSafeLock]
/// private readonly Lock _ringLock = new();
/// </code>
/// </example>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property
        | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class FenceSafeLockAttribute : Attribute;
