namespace FenceSafety;

/// <summary>
/// The code runs inside a DMA-fence signalling critical section: until it returns, a fence that others wait for is not signalled.
/// It must not make a blocking allocation (FENCE001), take a lock that is held elsewhere while allocating or waiting for a fence
/// (FENCE002), wait for a fence (FENCE003), or allocate on the managed heap (FENCE011).
/// </summary>
/// <remarks>
/// The body is checked where it is declared, and callers rely on that. Overrides and implementations inherit the attribute.
/// On a property it means its accessors; on a delegate type or a parameter of delegate type, whatever the delegate calls; on a class,
/// struct or interface, its members, but not its nested types. Accessors, local functions and lambdas can carry it themselves.
/// </remarks>
/// <example>
/// <code>
/// [FenceCritical]
/// public void Run(Job job) => _ring.Push(job.Commands); // anything in here that may allocate is a warning
/// </code>
/// </example>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Delegate
        | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class FenceCriticalAttribute : Attribute;
