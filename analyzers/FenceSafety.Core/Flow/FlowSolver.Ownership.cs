using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>Objects found, and values read, under a lock: what is still true of them once it was released.</summary>
public sealed partial class FlowSolver
{
    /// <summary>The acquisitions that were held when a value was found or read, by the site of the read.</summary>
    readonly Dictionary<int, ImmutableHashSet<int>> _readUnder = new();

    FlowState Ownership(FlowState state, Op op, int site)
    {
        switch (op)
        {
            case FoundOp found:
                var locks = LockSites(state);
                if (!state.Held.Any(static h => h.IsLock))
                    return state;
                _readUnder[site] = locks;
                return state.With(found.Slot, state[found.Slot].Union(RefSet.Of(FoundBefore(state, found.Slot, locks) ?? Ref.Found(site, found.Display))));
            case SnapshotOp snapshot:
                _readUnder[site] = LockSites(state);
                return state.With(snapshot.Slot, state[snapshot.Slot].Union(RefSet.Of(Ref.Snapshot(site, snapshot.Display))));
            case TakeReferenceOp take:
                var held = new HeldLock(site * SitesPerOp, Origins(Eval(state, take.Object), RefKind.Found), LockMode.Reference, op.Span, "");
                if (take.Result >= 0)
                    held = held with { Conditions = held.Conditions.Add(new HeldCondition(take.Result, true)), Uncertain = true };
                return state.WithHeld(state.Held.Where(h => h.Site != held.Site).Append(held));
            case PutReferenceOp put:
                var gone = Origins(Eval(state, put.Object), RefKind.Found);
                return state.WithHeld(state.Held.Where(h => h.Mode.Kind != LockKind.Reference || !h.Lock.Refs.Any(gone.Contains)));
            case BlocksOnOp use:
                CheckProtected(state, use);
                return state;
            case RequireStableOp stable:
                CheckStable(state, stable);
                return state;
            default:
                return state;
        }
    }

    /// <summary>The same field, read again under the same locks, holds the object that it held: a reference taken on that is one on this.</summary>
    Ref? FoundBefore(FlowState state, int slot, ImmutableHashSet<int> locks)
    {
        if (state[slot] is not { Count: 1 } read || read.Refs[0] is not { Kind: RefKind.Field, IsStable: true } field)
            return null;
        foreach (var (other, value) in state.Slots.All)
        {
            if (other != slot && value.Count == 2 && value.Contains(field) && value.Refs.FirstOrDefault(static r => r.Kind == RefKind.Found) is { } found
                && _readUnder.TryGetValue(found.Index, out var before) && before.SetEquals(locks))
                return found;
        }
        return null;
    }

    /// <summary>A callee found it under a lock that it released; what protects it is what the caller holds.</summary>
    FlowState FoundBy(FlowState state, int slot, int site, string display)
    {
        _readUnder[site] = LockSites(state);
        return state.With(slot, state[slot].Union(RefSet.Of(Ref.Found(site, display))));
    }

    /// <summary>What callers get that was found under a lock which is not held any more where they get it, and that nobody has a reference on.</summary>
    ImmutableArray<(int, string)> FoundOnReturn(List<FlowState> exits)
    {
        if (_readUnder.Count == 0)
            return ImmutableArray<(int, string)>.Empty;
        var given = _facts.OutParameters.Where(i => i < _facts.ParameterSlots.Length).Select(i => (Parameter: i, Slot: _facts.ParameterSlots[i]))
            .Prepend((Parameter: -1, Slot: ReturnSlot));
        return given.SelectMany(g => exits.SelectMany(e => e[g.Slot].Refs.Where(r => r.Kind == RefKind.Found && !IsProtected(e, r)).Select(r => (g.Parameter, r.Display))))
            .Distinct().OrderBy(static f => f.Parameter).ToImmutableArray();
    }

    /// <summary>On some path at least a reference is held, or the lock still is.</summary>
    bool IsProtected(FlowState state, Ref found) => state.Held.Any(h =>
        h.Mode.Kind == LockKind.Reference ? h.Lock.Contains(found) : _readUnder.TryGetValue(found.Index, out var sites) && sites.Contains(h.Site));

    /// <summary>The acquisitions that are held on every path to here.</summary>
    static ImmutableHashSet<int> LockSites(FlowState state) => state.Held.Where(static h => h is { IsLock: true, Uncertain: false }).Select(static h => h.Site).ToImmutableHashSet();

    /// <summary>The origins of a value and of the objects that it is inside of.</summary>
    static RefSet Origins(RefSet value, RefKind kind)
    {
        var result = new List<Ref>();
        foreach (var r in value.Refs)
        {
            for (Ref? at = r; at is not null; at = at.Base)
            {
                if (at.Kind == kind)
                    result.Add(at);
            }
        }
        return RefSet.Of(result);
    }

    void CheckProtected(FlowState state, BlocksOnOp use)
    {
        if (!_recording)
            return;
        foreach (var found in Origins(Eval(state, use.Object), RefKind.Found).Refs)
        {
            bool locked = _readUnder.TryGetValue(found.Index, out var sites) && state.Held.Any(h => !h.Uncertain && sites.Contains(h.Site));
            bool referenced = state.Held.Any(h => !h.Uncertain && h.Mode.Kind == LockKind.Reference && h.Lock.Contains(found));
            if (!locked && !referenced)
                _errors.Add(new BalanceError(BalanceKind.Unprotected, use.Span, RefSet.Empty, found.Display));
        }
    }

    void CheckStable(FlowState state, RequireStableOp stable)
    {
        if (!_recording)
            return;
        var needed = stable.Lock is null ? (RefSet?)null : Lockable(state, stable.Lock);
        foreach (var read in Origins(Eval(state, stable.Value), RefKind.Snapshot).Refs)
        {
            if (!IsFresh(state, read, needed))
                _errors.Add(new BalanceError(BalanceKind.Stale, stable.Span, RefSet.Empty, read.Display));
        }
    }

    /// <summary>Read under a lock that has been held ever since.</summary>
    bool IsFresh(FlowState state, Ref read, RefSet? needed) =>
        _readUnder.TryGetValue(read.Index, out var sites)
        && state.Held.Any(h => h.IsLock && !h.Uncertain && sites.Contains(h.Site) && (needed is null || Matches(h, needed.Value)));

    /// <summary>On the equal side of a comparison an old value is as good as the new one that it was compared with.</summary>
    FlowState Compared(FlowState state, int left, int right)
    {
        bool IsOld(int slot) => Origins(state[slot], RefKind.Snapshot).Refs.Any(r => !IsFresh(state, r, null));
        bool IsNew(int slot) => !Origins(state[slot], RefKind.Snapshot).IsEmpty && !IsOld(slot);
        if (IsNew(left) && IsOld(right))
            return state.With(right, state[left]);
        return IsNew(right) && IsOld(left) ? state.With(left, state[right]) : state;
    }
}
