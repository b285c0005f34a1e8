namespace FenceSafety;

/// <summary>
/// A value of this type stands for something that has to be handed on or given back; to drop or overwrite it is a mistake
/// (FENCE013). Passing it to a <see cref="ConsumesAttribute"/> parameter, disposing it, returning it and storing it in a field consume it.
/// </summary>
/// <example>
/// <code>
/// [MustConsume]
/// public sealed class PreparedMap
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class MustConsumeAttribute : Attribute;
