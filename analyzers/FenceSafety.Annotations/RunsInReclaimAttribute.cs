namespace FenceSafety;

/// <summary>
/// The code runs inside memory reclaim: a shrinker, or a notifier that the memory manager calls. It must not make a blocking
/// allocation, nor take a lock that is held elsewhere while allocating (FENCE007): that allocation may be waiting for this code.
/// </summary>
/// <remarks>
/// On a delegate type or a parameter, it holds for what the delegate calls; on an interface, for the implementations of its members.
/// </remarks>
/// <example>
/// <code>
/// public interface IShrinker
/// {
///     [RunsInReclaim]
///     long Scan(long pages);
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Delegate | AttributeTargets.Parameter | AttributeTargets.Interface)]
public sealed class RunsInReclaimAttribute : Attribute;
