using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>What may be true at one point of a body: values of slots, locks held, and locks of the caller released for sure.</summary>
public sealed class FlowState
{
    public static readonly FlowState Start = new(SlotMap.Empty, ImmutableArray<HeldLock>.Empty, ImmutableArray<Ref>.Empty);

    FlowState(SlotMap slots, ImmutableArray<HeldLock> held, ImmutableArray<Ref> released)
    {
        Slots = slots;
        Held = held;
        Released = released;
    }

    public SlotMap Slots { get; }

    /// <summary>Sorted by site.</summary>
    public ImmutableArray<HeldLock> Held { get; }

    /// <summary>Locks that this body gave back without having taken them.</summary>
    public ImmutableArray<Ref> Released { get; }

    public RefSet this[int slot] => Slots.TryGetValue(slot, out var value) ? value : RefSet.Empty;

    public FlowState With(int slot, RefSet value) => new(Slots.SetItem(slot, value), Held, Released);

    public FlowState WithHeld(IEnumerable<HeldLock> held) => new(Slots, held.OrderBy(static h => h.Site).ToImmutableArray(), Released);

    public FlowState WithReleased(ImmutableArray<Ref> released) => new(Slots, Held, released);

    /// <summary>Forgets what conditions said of a slot that is about to be overwritten.</summary>
    public FlowState Forget(int slot)
    {
        bool any = false;
        foreach (var h in Held)
        {
            foreach (var c in h.Conditions)
                any |= c.Slot == slot;
        }
        return any
            ? WithHeld(Held.Select(h => h with { Conditions = h.Conditions.Where(c => c.Slot != slot).ToImmutableHashSet() }))
            : this;
    }

    public FlowState Join(FlowState other)
    {
        if (ReferenceEquals(this, other))
            return this;
        var released = Released.IsEmpty || other.Released.IsEmpty
            ? ImmutableArray<Ref>.Empty
            : Released.Where(other.Released.Contains).ToImmutableArray();
        return new FlowState(Slots.Union(other.Slots), HeldLock.Join(Referenced(this, other), Referenced(other, this)), released);
    }

    /// <summary>That a local is not null says that a reference is held only if on the other path it is not the same object without one.</summary>
    static ImmutableArray<HeldLock> Referenced(FlowState state, FlowState other)
    {
        if (!state.Held.Any(static h => h.Mode.Kind == LockKind.Reference))
            return state.Held;
        return state.Held.Select(h => h.Mode.Kind != LockKind.Reference || other.Held.Any(o => o.Site == h.Site)
            ? h
            : h with { Conditions = h.Conditions.Where(c => c.Value is not null || !other[c.Slot].Refs.Any(h.Lock.Contains)).ToImmutableHashSet() }).ToImmutableArray();
    }

    public bool SameAs(FlowState other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (Held.Length != other.Held.Length || Released.Length != other.Released.Length)
            return false;
        for (int i = 0; i < Held.Length; i++)
        {
            if (!Held[i].SameAs(other.Held[i]))
                return false;
        }
        return Slots.SameAs(other.Slots) && Released.SequenceEqual(other.Released);
    }
}
