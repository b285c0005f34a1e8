namespace FenceSafety.Runtime.Locking;

/// <summary>
/// The pretend lock of a context, as the kernel has one for fences and one for reclaim: acquiring it excludes nobody, but tells lockdep
/// that whatever is held now may have to wait for that context.
/// </summary>
[LockPrimitive(LockKind.Sleeping)]
internal sealed class LockdepMap(HeldKind context)
{
    /// <summary>Says that the thread may have to wait for the context, whether or not it has to this time.</summary>
    [AcquiresLock]
    public void Acquire()
    {
        if (Lockdep.Enabled)
        {
            LockdepGraph.Current.MightEnter(context == HeldKind.Fence ? LockClass.Fence : LockClass.Reclaim);
        }
    }

    /// <summary>Ends what <see cref="Acquire"/> began, at once: the pretend lock is never held over anything.</summary>
    [ReleasesLock]
    public void Release()
    {
    }
}
