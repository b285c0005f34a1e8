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
        return state.Held.Select(h => h.Mode.Kind == LockKind.Reference ? Referenced(h, state, other) : h).ToImmutableArray();
    }

    static HeldLock Referenced(HeldLock h, FlowState state, FlowState other)
    {
        if (other.Held.FirstOrDefault(o => o.Site == h.Site) is not { } there)
        {
            return h with
            {
                Conditions = h.Conditions.Where(c => c.Value is not null || !other[c.Slot].Refs.Any(h.Lock.Contains))
                    .Concat(NullWithout(h, state, other)).ToImmutableHashSet(),
            };
        }
        // Where it is held for sure, what says on the other path that it is held says so too.
        return h.Uncertain || !there.Uncertain
            ? h
            : h with { Conditions = h.Conditions.Union(there.Conditions.Where(c => c.Value is null && state[c.Slot].Refs.Any(h.Lock.Contains))) };
    }

    /// <summary>Locals of the object that are null on the other path: where they are not, the reference is held.</summary>
    static IEnumerable<HeldCondition> NullWithout(HeldLock reference, FlowState state, FlowState other) => reference.Uncertain
        ? Enumerable.Empty<HeldCondition>()
        : state.Slots.All.Where(s => s.Value.Refs.Any(reference.Lock.Contains) && other[s.Slot] is { Count: 1 } there && there.Refs[0].IsNull)
            .Select(static s => new HeldCondition(s.Slot, null));

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
