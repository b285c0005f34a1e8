using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

public sealed partial class FlowSolver
{
    FlowState Step(FlowState state, Op op, int site)
    {
        switch (op)
        {
            case AssignOp assign:
                return AssignFrom(state, assign.Slot, assign.Value);
            case StoreOp store:
                return Store(state, store);
            case CallOp call:
                return Call(state, call, site);
            case AcquireOp acquire:
                Note(state, op, site, Lockable(state, acquire.Lock), ImmutableArray<RefSet>.Empty);
                return Acquire(state, acquire, site);
            case ReleaseOp release:
                return Release(state, release, site);
            case GuardDisposeOp dispose:
                var guards = Eval(state, dispose.Guard);
                return guards.Refs.Any(static r => r.Kind == RefKind.Guard || r is { Kind: RefKind.Parameter, Index: >= 0 })
                    ? DisposeGuards(state, guards)
                    : Release(state, new ReleaseOp(op.Span, dispose.Lock, LockMode.Monitor), site);
            case CriticalConversionOp conversion:
                Note(state, op, site, Known(Eval(state, conversion.Delegate)), ImmutableArray<RefSet>.Empty);
                return state;
            case ContextConversionOp conversion:
                Note(state, op, site, Eval(state, conversion.Delegate), ImmutableArray<RefSet>.Empty);
                return state;
            case FoundOp or SnapshotOp or TakeReferenceOp or PutReferenceOp or BlocksOnOp or RequireStableOp:
                return Ownership(state, op, site);
            case ScopeOp scope:
                return state.Held.Any(h => h.Scope != 0 && !scope.Active.Contains(h.Scope))
                    ? state.WithHeld(state.Held.Where(h => h.Scope == 0 || scope.Active.Contains(h.Scope)))
                    : state;
            case ConsumeOp consume:
                return DisposeGuards(state, Eval(state, consume.Value));
            case ReturnOp ret:
                return Return(state, ret);
            case HeldOnEntryOp entry:
                return state.WithHeld(state.Held.Add(
                    new HeldLock(site * SitesPerOp, Lockable(state, entry.Lock), entry.Mode, op.Span, "") { OnEntry = true }));
            case RequireOp require:
                var needed = Lockable(state, require.Lock);
                if (_recording && !state.Held.Any(h => Matches(h, needed)))
                    _errors.Add(new BalanceError(BalanceKind.Requirement, op.Span, needed, require.Callee));
                return state;
            default:
                Note(state, op, site, RefSet.Empty, ImmutableArray<RefSet>.Empty);
                return state;
        }
    }

    void Note(FlowState state, Op op, int site, RefSet receiver, ImmutableArray<RefSet> arguments)
    {
        if (!_recording)
            return;
        var e = new BodyEvent { Site = site, Op = op, Held = state.Held, Released = state.Released, Receiver = receiver, Arguments = arguments };
        _events[site] = _events.TryGetValue(site, out var old) ? old.Join(e) : e;
    }

    // ---- values

    RefSet Eval(FlowState state, Value? value)
    {
        switch (value)
        {
            case null or Value.NoValue or Value.Not or Value.NonNull:
                return RefSet.Empty;
            case Value.Slot slot:
                if (slot.Owner != _facts.Id && !state.Slots.ContainsKey(slot.Index))
                    return RefSet.Of(Ref.Captured(slot.Owner, slot.Index));
                return _facts.WrittenElsewhere.Contains(slot.Index) ? state[slot.Index].Union(RefSet.Of(Ref.Unknown)) : state[slot.Index];
            case Value.This:
                return RefSet.Of(Ref.Receiver);
            case Value.Field field:
                if (field.Literal is not null)
                    return Eval(state, field.Literal);
                if (field.Base is Value.This && _facts.IsConstructor && _ownFields.TryGetValue(field.Lock.Class, out int own) && state.Slots.ContainsKey(own))
                    return state[own];
                return field.Base is null
                    ? RefSet.Of(Ref.Field(null, field.Id, field.Lock))
                    : Known(Eval(state, field.Base)).Select(b => Ref.Field(b, field.Id, field.Lock));
            case Value.Element element:
                return Known(Eval(state, element.Base)).Select(Ref.Element);
            case Value.TypeOf type:
                return RefSet.Of(Ref.TypeOf(type.TypeId, type.Display));
            case Value.Constant constant:
                return RefSet.Of(Ref.Constant(constant.Kind, constant.Bits));
            case Value.Delegate d:
                if (d.Receiver is null)
                    return RefSet.Of(Ref.Delegate(d.Method, _facts.Id, null));
                return Known(Eval(state, d.Receiver)).Select(r => Ref.Delegate(d.Method, _facts.Id, r));
            case Value.AnyOf any:
                return any.Values.Aggregate(RefSet.Empty, (set, v) => set.Union(Eval(state, v)));
            case Value.Opaque opaque:
                return RefSet.Of(Ref.Opaque(opaque.TypeId, opaque.Display));
            default:
                return RefSet.Of(Ref.Unknown);
        }
    }

    static RefSet Known(RefSet set) => set.IsEmpty ? RefSet.Of(Ref.Unknown) : set;

    /// <summary>A value as a lock: what calls return is followed to the fields behind it.</summary>
    RefSet Lockable(FlowState state, Value value)
    {
        var all = Eval(state, value);
        var set = Known(all.Refs.Any(static r => r.IsOrigin) ? RefSet.Of(all.Refs.Where(static r => !r.IsOrigin)) : all);
        return set.Refs.Any(static r => r.Kind == RefKind.CallResult) ? Returned(set) : set;
    }

    RefSet Returned(RefSet set) => set.Refs.Aggregate(RefSet.Empty, (s, r) => s.Union(Returned(r)));

    RefSet Returned(Ref r)
    {
        if (r.Kind != RefKind.CallResult || r.Name != _facts.Id || !_calls.TryGetValue(r.CallSite, out var made))
            return RefSet.Of(r);
        var result = RefSet.Empty;
        var substitution = new Substitution(made.Receiver, made.Arguments, Substitution.Opaque);
        foreach (string target in _context.LockTargets(made.Call, made.Receiver))
            result = result.Union(substitution.Apply(_context.ReturnsOf(target, r.CallParameter, _facts.Id)));
        return result.IsEmpty ? RefSet.Of(r) : result;
    }

    FlowState Assign(FlowState state, int slot, RefSet value)
    {
        // A value of no interest is still another value than a constant of a path beside this one.
        if (value.IsEmpty)
            value = RefSet.Of(Ref.Unknown);
        if (_facts.CapturedSlots.Contains(slot))
            _captured[slot] = _captured.TryGetValue(slot, out var old) ? old.Union(value) : value;
        if (_facts.ConsumedElsewhere.Contains(slot))
            state = Consumed(state, value);
        return state.With(slot, value);
    }

    /// <summary>A value that must be consumed is lost where the last slot that held it is overwritten.</summary>
    static FlowState Overwrite(FlowState before, FlowState after, int slot, Value assigned)
    {
        bool IsLost(HeldLock h)
        {
            var value = Ref.Guard(h.Site / SitesPerOp);
            if (h.MadeInto < 0 || h.MadeInto == slot || !before[slot].Contains(value))
                return false;
            // A loop that makes the next value into the local that still has the last one.
            bool next = h.Again && assigned is Value.Slot made && made.Index == h.MadeInto;
            return !after.Slots.All.Any(s => s.Slot != h.MadeInto && !(next && s.Slot == slot) && s.Value.Contains(value));
        }
        return after.Held.Any(IsLost) ? after.WithHeld(after.Held.Select(h => IsLost(h) ? h with { Lost = true } : h)) : after;
    }

    FlowState AssignFrom(FlowState state, int slot, Value value) => Overwrite(state, Copy(state, slot, value), slot, value);

    /// <summary>Copies what is known of the source too: a local that keeps the result of a try stands for it.</summary>
    FlowState Copy(FlowState state, int slot, Value value)
    {
        var refs = Eval(state, value);
        bool negate = false;
        var source = value;
        while (source is Value.Not not)
        {
            negate = !negate;
            source = not.Operand;
        }
        if (source is Value.NonNull { Operand: Value.Slot tested } && tested.Index != slot)
        {
            // A boolean that says whether there is a guard says whether its lock is held.
            state = Assign(state.Forget(slot), slot, RefSet.Empty);
            return state.WithHeld(state.Held.Select(h => h.Conditions.Contains(new HeldCondition(tested.Index, null))
                ? h with { Conditions = h.Conditions.Add(new HeldCondition(slot, !negate)) }
                : h));
        }
        if (source is Value.Slot s && s.Index != slot)
        {
            state = Assign(state.Forget(slot), slot, negate ? RefSet.Empty : refs);
            var found = Origins(refs, RefKind.Found);
            return state.WithHeld(state.Held.Select(h =>
            {
                var kept = h.Conditions.Where(c => c.Slot != slot);
                // Where the reference is not taken, the local stays null.
                if (h is { Mode.Kind: LockKind.Reference, Uncertain: false } && h.Lock.Refs.Any(found.Contains))
                    kept = kept.Append(new HeldCondition(slot, null));
                var copied = h.Conditions.Where(c => c.Slot == s.Index).Select(c => new HeldCondition(slot, negate ? !c.Value : c.Value));
                return h with { Conditions = kept.Concat(copied).ToImmutableHashSet() };
            }));
        }
        if (source is Value.Slot)
            return state;
        return Assign(state.Forget(slot), slot, refs);
    }

    FlowState Return(FlowState state, ReturnOp ret)
    {
        if (ret.Value is Value.Constant { Kind: ConstantKind.Boolean } constant)
        {
            var condition = new HeldCondition(ReturnSlot, constant.Bits != 0);
            return state.With(ReturnSlot, RefSet.Empty).WithHeld(state.Held.Select(h => h with { Conditions = h.Conditions.Add(condition) }));
        }
        state = AssignFrom(state, ReturnSlot, ret.Value);
        return HandOn(state, state[ReturnSlot]);
    }

    static FlowState HandOn(FlowState state, RefSet guards)
    {
        var sites = GuardSites(guards);
        return sites.Count == 0
            ? state
            : state.WithHeld(state.Held.Select(h => !h.Lost && sites.Contains(h.Site / SitesPerOp) ? h with { HandedOn = true } : h));
    }

    static HashSet<int> GuardSites(RefSet set) => new(set.Refs.Where(static r => r.Kind == RefKind.Guard).Select(static r => r.Index));

    /// <summary>Values that must be consumed are; locks stay.</summary>
    static FlowState Consumed(FlowState state, RefSet value)
    {
        var sites = GuardSites(value);
        return sites.Count == 0
            ? state
            : state.WithHeld(state.Held.Where(h => h.Mode.Kind != LockKind.Obligation || h.Lost || !sites.Contains(h.Site / SitesPerOp)));
    }

    FlowState Store(FlowState state, StoreOp store)
    {
        var value = Eval(state, store.Value);
        foreach (var r in value.Refs)
        {
            if (r.Kind == RefKind.Fresh)
                _escaping.Add(r.Index);
        }
        if (_recording && store.Field is not null)
            _stores.Add((store.Field, value));
        // A constructor that reads back its own parameter: nobody else has stored anything yet.
        if (store is { Target: Value.This, Field: { } stored } && _facts.IsConstructor && value.Refs.All(static r => r.Kind == RefKind.Parameter))
        {
            if (!_ownFields.TryGetValue(stored.Class, out int slotOfField))
                _ownFields.Add(stored.Class, slotOfField = FirstFieldSlot - _ownFields.Count);
            state = state.With(slotOfField, value.IsEmpty ? RefSet.Of(Ref.Unknown) : value);
        }
        if (GuardSites(value).Count == 0)
            return state;
        // Storing a value is consuming it.
        state = Consumed(state, value);
        if (store.Target is Value.This && _facts.IsConstructor && _facts.IsOfDisposable)
            return HandOn(state, value);
        // An object that is given a guard is a guard.
        if (store.Target is Value.Slot slot)
            return state.With(slot.Index, state[slot.Index].Union(RefSet.Of(value.Refs.Where(static r => r.Kind == RefKind.Guard))));
        return state;
    }
}
