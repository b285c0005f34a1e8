namespace FenceSafety.Runtime.Locking;

/// <summary>One lock, or context, that a thread holds.</summary>
/// <param name="Instance">The lock; null for a context.</param>
/// <param name="LockClass">The lock's class; null for a context, so that entering one needs no class to be initialised.</param>
/// <param name="Kind">How it is held, or which context it is.</param>
internal readonly record struct HeldLock(object? Instance, LockClass? LockClass, HeldKind Kind)
{
    /// <summary>Its node in the lock-order graph.</summary>
    public LockClass Class => LockClass ?? ((Kind & HeldKind.Fence) != 0 ? Locking.LockClass.Fence : Locking.LockClass.Reclaim);

    public bool IsTry => (Kind & HeldKind.Try) != 0;

    public bool IsShared => (Kind & HeldKind.Shared) != 0;

    public bool IsSpin => (Kind & HeldKind.Spin) != 0;
}
