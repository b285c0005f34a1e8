namespace FenceSafety;

/// <summary>
/// A call of this method ends the innermost region of fence-critical code that a method with
/// <see cref="BeginsFenceCriticalAttribute"/> began in the caller.
/// </summary>
/// <example>
/// <code>
/// [BeginsFenceCritical]
/// public void BeginSignalling() { }
///
/// [EndsFenceCritical]
/// public void EndSignalling() { }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EndsFenceCriticalAttribute : Attribute;
