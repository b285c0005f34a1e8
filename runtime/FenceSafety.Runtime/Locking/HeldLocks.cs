using System.Runtime.CompilerServices;

namespace FenceSafety.Runtime.Locking;

/// <summary>What the calling thread holds, in the order of acquisition. Kept only while lockdep is on; makes no garbage.</summary>
internal static class HeldLocks
{
    /// <summary>The most locks that one thread can hold at a time, as in the kernel.</summary>
    public const int MaxDepth = 48;

    [ThreadStatic]
    private static Slots t_slots;

    [ThreadStatic]
    private static int t_count;

    /// <summary>The locks held, oldest first. Good until the thread acquires or releases one.</summary>
    public static ReadOnlySpan<HeldLock> All => ((ReadOnlySpan<HeldLock>)t_slots)[..t_count];

    /// <summary>Whether the thread is in fence-critical code.</summary>
    public static bool IsFenceCritical => FindLast(HeldKind.Fence) >= 0;

    /// <summary>Whether the thread holds a spin lock.</summary>
    public static bool IsAtomic => FindLast(HeldKind.Spin) >= 0;

    /// <summary>To be called before a lock is acquired, so that it is not kept if it cannot be followed.</summary>
    /// <exception cref="InvalidOperationException">The thread holds <see cref="MaxDepth"/> locks.</exception>
    public static void ThrowIfFull(LockClass? next)
    {
        if (t_count == MaxDepth)
        {
            throw new InvalidOperationException(
                $"Lockdep cannot follow more than {MaxDepth} locks held by one thread; '{next}' is one more.");
        }
    }

    /// <summary>Adds a lock that was just acquired.</summary>
    public static void Push(LockClass lockClass, object instance, HeldKind kind) => Push(new HeldLock(instance, lockClass, kind));

    /// <summary>Enters a context.</summary>
    /// <exception cref="InvalidOperationException">The thread holds <see cref="MaxDepth"/> locks.</exception>
    public static void Enter(HeldKind context) => Push(new HeldLock(null, null, context));

    /// <summary>Removes a lock that is released; the last of its acquisitions, if there are several.</summary>
    public static void Pop(object instance)
    {
        int i = t_count - 1;
        while (i >= 0 && !ReferenceEquals(t_slots[i].Instance, instance))
        {
            i--;
        }

        Remove(i);
    }

    /// <summary>Leaves a context.</summary>
    public static void Leave(HeldKind context) => Remove(FindLast(context));

    private static void Push(in HeldLock held)
    {
        ThrowIfFull(held.LockClass);
        t_slots[t_count++] = held;
    }

    private static void Remove(int index)
    {
        if (index < 0)
        {
            return;
        }

        // Locks need not be released in the reverse order of their acquisition.
        for (int i = index + 1; i < t_count; i++)
        {
            t_slots[i - 1] = t_slots[i];
        }

        t_slots[--t_count] = default;
    }

    private static int FindLast(HeldKind kind)
    {
        int i = t_count - 1;
        while (i >= 0 && (t_slots[i].Kind & kind) == 0)
        {
            i--;
        }

        return i;
    }

    [InlineArray(MaxDepth)]
    private struct Slots
    {
        private HeldLock _first;
    }
}
