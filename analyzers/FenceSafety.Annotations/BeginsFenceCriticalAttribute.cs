namespace FenceSafety;

/// <summary>
/// A call of this method begins a region of fence-critical code in its caller. If it returns a disposable value, the region ends
/// at that value's <c>Dispose</c>; otherwise at the matching call of a method with <see cref="EndsFenceCriticalAttribute"/>.
/// </summary>
/// <remarks>Ends match begins by nesting. A region that is dropped, or never ended, extends to the end of the body.</remarks>
/// <example>
/// <code>
/// [BeginsFenceCritical]
/// public SignallingRegion BeginSignalling() => new(this);
///
/// using (fence.BeginSignalling())
/// {
///     ring.Push(job); // fence-critical
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BeginsFenceCriticalAttribute : Attribute;
