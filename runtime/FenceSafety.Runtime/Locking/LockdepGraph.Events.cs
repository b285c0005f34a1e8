namespace FenceSafety.Runtime.Locking;

public sealed partial class LockdepGraph
{
    /// <summary>To be called before a thread waits for a lock.</summary>
    internal void MightLock(LockClass lockClass, object instance, HeldKind kind)
    {
        HeldLocks.ThrowIfFull(lockClass);
        if (lockClass.IsFenceSafe)
        {
            AddPrimed(LockClass.Fence, lockClass);
        }

        if ((kind & HeldKind.Spin) == 0)
        {
            MightSleep(lockClass);
        }

        // As the kernel does: back to the last lock that was waited for. It has made its own edges from what was held before it.
        ReadOnlySpan<HeldLock> held = HeldLocks.All;
        for (int i = held.Length - 1; i >= 0; i--)
        {
            // Readers do not wait for readers of the same class; what is held twice for reading is no order.
            bool isSharedTwice = held[i].Class == lockClass && held[i].IsShared && (kind & HeldKind.Shared) != 0;
            if (!isSharedTwice)
            {
                AddSeen(held[i].Class, lockClass);
            }

            if (!held[i].IsTry)
            {
                break;
            }
        }
    }

    /// <summary>To be called before a thread may wait for a fence, or may enter reclaim, whether or not it will this time.</summary>
    internal void MightEnter(LockClass context)
    {
        MightSleep(context);
        ReadOnlySpan<HeldLock> held = HeldLocks.All;
        for (int i = held.Length - 1; i >= 0; i--)
        {
            AddSeen(held[i].Class, context);
            if (!held[i].IsTry)
            {
                break;
            }
        }
    }

    /// <summary>Reports, once for each pair of classes, what may sleep under a spin lock.</summary>
    private void MightSleep(LockClass on)
    {
        foreach (HeldLock held in HeldLocks.All)
        {
            if (held.IsSpin && _sleepsUnderSpin.TryAdd((held.Class.Id, on.Id), true))
            {
                Publish(new LockdepReport(LockdepRules.SleepUnderSpin, [Seen(held.Class, on)]));
            }
        }
    }
}
