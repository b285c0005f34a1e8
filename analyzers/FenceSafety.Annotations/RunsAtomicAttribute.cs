namespace FenceSafety;

/// <summary>
/// The code runs in atomic context, such as an interrupt handler or an audio callback: it must not sleep. FENCE006 judges it as if
/// a spin lock were held throughout.
/// </summary>
/// <remarks>
/// On a delegate type or a parameter, it holds for what the delegate calls; on an interface, for the implementations of its members.
/// </remarks>
/// <example>
/// <code>
/// [RunsAtomic]
/// private void OnInterrupt(uint status) => _pending.Signal(status);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Delegate | AttributeTargets.Parameter | AttributeTargets.Interface)]
public sealed class RunsAtomicAttribute : Attribute;
