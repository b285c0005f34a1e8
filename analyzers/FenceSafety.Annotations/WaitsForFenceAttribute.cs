namespace FenceSafety;

/// <summary>
/// The code blocks until a fence signals. Fence-critical code must not reach it (FENCE003), nor may it be reached under a lock
/// that fence-critical code takes (FENCE004): the fence waited for may be the one that the critical code has yet to signal.
/// </summary>
/// <example>
/// <code>
/// [WaitsForFence]
/// public void Wait(TimeSpan timeout)
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Delegate)]
public sealed class WaitsForFenceAttribute : Attribute;
