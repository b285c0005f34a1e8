namespace FenceSafety;

/// <summary>
/// The result is a snapshot: true when it was read, but free to change as soon as no lock is held. It must be read again, or compared
/// with a new read, under the lock before it is passed to a <see cref="RequiresStableAttribute"/> parameter (FENCE015).
/// </summary>
/// <example>
/// <code>
/// [Snapshot]
/// public PageTableEntry ReadEntry(ulong address)
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.ReturnValue)]
public sealed class SnapshotAttribute : Attribute;
