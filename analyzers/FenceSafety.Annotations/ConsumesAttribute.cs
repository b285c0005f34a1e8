namespace FenceSafety;

/// <summary>
/// The argument passed for this parameter, or on a method the receiver, is consumed by the call: the obligation of its
/// <see cref="MustConsumeAttribute"/> type is met.
/// </summary>
/// <example>
/// <code>
/// public void Execute([Consumes] PreparedMap map)
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Method)]
public sealed class ConsumesAttribute : Attribute;
