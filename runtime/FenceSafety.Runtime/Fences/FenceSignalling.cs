using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Fences;

/// <summary>
/// The annotation of fence-signalling critical sections for run-time lockdep: from the moment that others can reach a fence until it has
/// signalled. With lockdep off it does nothing.
/// </summary>
public static class FenceSignalling
{
    /// <summary>Whether the calling thread is in a critical section; always false with lockdep off.</summary>
    public static bool IsCritical => Lockdep.Enabled && HeldLocks.IsFenceCritical;

    /// <summary>Begins a critical section. Sections nest: only the outermost one begins and ends anything.</summary>
    /// <returns>The section, which ends when it is disposed; it carries the cookie that says whether it was nested.</returns>
    [BeginsFenceCritical]
    public static FenceSignallingScope Begin()
    {
        // Under a spin lock nothing more is needed either: whatever may sleep there is reported as that.
        if (!Lockdep.Enabled || HeldLocks.IsFenceCritical || HeldLocks.IsAtomic)
        {
            return new FenceSignallingScope(isNested: true);
        }

        // Entered like a lock for reading that was tried: entering waits for nothing, so nothing is ordered before it.
        HeldLocks.Enter(HeldKind.Fence | HeldKind.Shared | HeldKind.Try);
        return new FenceSignallingScope(isNested: false);
    }
}
