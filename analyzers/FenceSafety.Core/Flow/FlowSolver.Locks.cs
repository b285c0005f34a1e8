using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

public sealed partial class FlowSolver
{
    readonly Dictionary<int, (ReleaseOp Op, bool Met, RefSet Lock)> _releases = new();

    FlowState Acquire(FlowState state, AcquireOp op, int site)
    {
        var locks = IsLock(op.Mode) ? Lockable(state, op.Lock) : RefSet.Empty;
        if (op.Result >= 0)
            state = Assign(state.Forget(op.Result), op.Result, op.Certain ? RefSet.Of(Ref.Constant(ConstantKind.Boolean, 1)) : RefSet.Empty);
        var conditions = ImmutableHashSet<HeldCondition>.Empty;
        if (op.Result >= 0)
            conditions = conditions.Add(new HeldCondition(op.Result, true));
        if (op.Guard >= 0)
        {
            var guard = RefSet.Of(Ref.Guard(site));
            state = op.Mode.Kind == LockKind.Obligation
                ? Assign(state, op.Guard, state[op.Guard].Union(guard))
                : Assign(state.Forget(op.Guard), op.Guard, guard);
            conditions = conditions.Add(new HeldCondition(op.Guard, null));
        }
        return Hold(state, new HeldLock(site * SitesPerOp, locks, op.Mode, op.Span, op.Api)
        {
            Conditions = conditions,
            Scope = op.Scope,
            // A try without a result says by its guard whether it succeeded.
            Uncertain = (op.Result >= 0 || (op.Mode.NonBlocking && op.Guard >= 0)) && !op.Certain,
            MadeInto = op.Mode.Kind == LockKind.Obligation ? op.Guard : -1,
            Lost = state.Held.Any(h => h.Lost && h.Site == site * SitesPerOp),
            Again = op.Mode.Kind == LockKind.Obligation && state.Held.Any(h => h.Site == site * SitesPerOp),
        });
    }

    int _maxDepth;

    /// <summary>A loop that takes a lock again and again would count for ever; nested statements go no deeper than there are of them.</summary>
    int MaxDepth => _maxDepth > 0 ? _maxDepth : _maxDepth = Math.Max(64, _facts.Blocks.Sum(static b => b.Ops.Count(static o => o is AcquireOp)));

    FlowState Hold(FlowState state, HeldLock taken)
    {
        int depth = 1;
        foreach (var h in state.Held)
        {
            if (h.Site != taken.Site && Matches(h, taken.Lock, taken.Mode))
                depth = Math.Max(depth, h.Depth + 1);
        }
        taken = taken with { Depth = Math.Min(depth, MaxDepth) };
        // A lock of the caller that was given back is taken again for the caller.
        if (taken.IsLock && depth == 1 && state.Released.Any(r => MayBe(taken.Lock, r)))
        {
            bool declared = _facts.Blocks.SelectMany(static b => b.Ops).OfType<HeldOnEntryOp>()
                .Any(o => Lockable(state, o.Lock).Refs.Any(l => MayBe(taken.Lock, l)));
            state = state.WithReleased(state.Released.Where(r => !MayBe(taken.Lock, r)).ToImmutableArray());
            taken = taken with { OnEntry = declared, Retaken = true };
        }
        if (taken is { Mode.Kind: not LockKind.Obligation, Scope: 0 } && state.Held.Any(h => h.Site == taken.Site))
            taken = taken with { Repeated = true };
        return state.WithHeld(state.Held.Where(h => h.Site != taken.Site).Append(taken));
    }

    bool Matches(HeldLock held, RefSet locks, LockMode mode) =>
        IsLock(mode) ? held.IsLock && Matches(held, locks) : held.Mode.Kind == mode.Kind && mode.Kind == LockKind.Region;

    static bool IsLock(LockMode mode) => mode.Kind is LockKind.Sleeping or LockKind.Spin;

    /// <summary>The held lock may be one of these: the same reference, or at least the same class.</summary>
    bool Matches(HeldLock held, RefSet locks) => held.IsLock && locks.Refs.Any(l => MayBe(held.Lock, l));

    bool MayBe(RefSet locks, Ref other)
    {
        foreach (var l in locks.Refs)
        {
            if (l.Equals(other) || _context.SameClass(l, other))
                return true;
        }
        return false;
    }

    FlowState Release(FlowState state, ReleaseOp op, int site)
    {
        var locks = IsLock(op.Mode) ? Lockable(state, op.Lock) : RefSet.Empty;
        Note(state, op, site, locks, ImmutableArray<RefSet>.Empty);
        bool met = TryRelease(ref state, locks, op.Mode, op.Exactly);
        if (_recording)
        {
            met |= _releases.TryGetValue(site, out var old) && old.Met;
            _releases[site] = (op, met, locks);
        }
        return state;
    }

    /// <summary>Undoes the innermost acquisition of these locks; else notes that a lock of the caller was given back.</summary>
    bool TryRelease(ref FlowState state, RefSet locks, LockMode mode, bool exactly = false)
    {
        var exact = state.Held.Where(h => IsLock(mode) && h.IsLock && h.Lock.Refs.Any(locks.Contains)).ToList();
        var candidates = exact.Count > 0 ? exact : state.Held.Where(h => Matches(h, locks, mode)).ToList();
        if (candidates.Count == 0)
        {
            state = state.WithReleased(state.Released.Union(locks.Refs).ToImmutableArray());
            return false;
        }
        if (exactly)
        {
            // A flag that chose the mode may choose it here.
            bool Fits(HeldLock h) => h.Mode.Shared == mode.Shared && h.Mode.Upgrade == mode.Upgrade;
            candidates = candidates.Any(Fits) ? candidates.Where(h => h.Uncertain || Fits(h)).ToList() : new List<HeldLock>();
            if (candidates.Count == 0)
                return false;
        }
        // What may be the lock and may be another is not given back as long as there is one that is the lock for sure.
        var same = candidates.Where(h => h.Lock.Equals(locks)).ToList();
        int depth = (same.Count > 0 ? same : candidates).Max(static h => h.Depth);
        var gone = new HashSet<int>(candidates.Where(h => h.Depth == depth || IsAlternative(h, candidates, locks)).Select(static h => h.Site));
        bool onEntry = candidates.Any(h => gone.Contains(h.Site) && h.OnEntry);
        // If the innermost may not be held at all, it may have been the one around it that was given back.
        int around = candidates.Where(static h => !h.Uncertain).Select(static h => h.Depth).DefaultIfEmpty(depth).Max();
        var left = new HashSet<int>(candidates.Where(h => h.Depth == around && around < depth).Select(static h => h.Site));
        bool handed = candidates.Any(h => IsAlternative(h, candidates, locks));
        state = state.WithHeld(state.Held.Where(h => !gone.Contains(h.Site) || (h.Repeated && !handed))
            .Select(h => gone.Contains(h.Site) ? h.Earlier() : left.Contains(h.Site) ? h with { Uncertain = true } : h));
        if (onEntry)
            state = state.WithReleased(state.Released.Union(locks.Refs).ToImmutableArray());
        return true;
    }

    /// <summary>
    /// Hand over hand: the variable goes from object to object, and the lock with it. Of the locks that it may be one is held, on each path
    /// another, and that one is given back.
    /// </summary>
    static bool IsAlternative(HeldLock held, List<HeldLock> candidates, RefSet released) =>
        candidates.Count > 1 && candidates.All(h => h.Uncertain && h.Lock.Refs.All(released.Contains)) && candidates.Any(h => !h.Lock.Equals(held.Lock));

    FlowState DisposeGuards(FlowState state, RefSet guards)
    {
        var sites = GuardSites(guards);
        foreach (var r in guards.Refs)
        {
            if (r.Kind == RefKind.Parameter && r.Index >= 0)
                _disposed.Add(r.Index);
        }
        return sites.Count == 0 ? state : state.WithHeld(state.Held.Where(h => h.Lost || !sites.Contains(h.Site / SitesPerOp)));
    }

    /// <summary>A release is wrong if the lock is held on no path to it.</summary>
    void CheckReleases()
    {
        // A finally block is there once for each way through it.
        foreach (var copies in _releases.OrderBy(static p => p.Key).GroupBy(static p => p.Value.Op.Span))
        {
            var (op, _, locks) = copies.First().Value;
            if (copies.All(static c => !c.Value.Met))
                _errors.Add(new BalanceError(op.Mode.Kind == LockKind.Region ? BalanceKind.RegionNotBegun : BalanceKind.NotHeld, op.Span, locks, ""));
        }
    }

    // ---- calls

    FlowState Call(FlowState state, CallOp call, int site)
    {
        var receiver = Eval(state, call.Receiver);
        if (call is { Enumerates: true, Target: CallTarget.Invoke })
            receiver = Returned(receiver);
        else if (call.Target is CallTarget.Virtual v && receiver.Refs.Any(static r => r.Kind == RefKind.CallResult) && _context.IsUnseen(v))
            receiver = Returned(receiver) is { } made && made.Refs.All(static r => r.IsExact || r.IsOrigin) ? made : receiver;
        var arguments = call.Arguments.Select(a => Eval(state, a)).ToImmutableArray();
        if (call.IsLookUp)
        {
            _calls[site] = (call, receiver, arguments);
            return Assign(state.Forget(call.Result), call.Result, Result(call, site));
        }
        Note(state, call, site, receiver, arguments);
        _calls[site] = (call, receiver, arguments);
        foreach (var r in arguments.SelectMany(static a => a.Refs))
        {
            if (r.Kind == RefKind.Fresh)
                _escaping.Add(r.Index);
        }
        if (call.IsDispose)
        {
            state = DisposeGuards(state, receiver);
            if (GuardSites(receiver).Count > 0)
                return state;
        }

        var result = Result(call, site);
        if (call.IsQuery)
            result = result.Union(Query(call, site, arguments));
        var signatures = _context.SignaturesOf(call, receiver, _facts.Id);
        var substitution = new Substitution(receiver, arguments, r => RefSet.Of(r));
        var carried = RefSet.Empty;
        if (call.ResultIsDisposable && signatures.All(static s => s.Held.IsEmpty))
            carried = RefSet.Of(arguments.SelectMany(static a => a.Refs).Where(static r => r.Kind == RefKind.Guard));
        if (call.Result >= 0)
            state = Assign(state.Forget(call.Result), call.Result, result.Union(carried));
        foreach (var (parameter, slot) in call.OutSlots)
        {
            var given = RefSet.Of(Ref.CallResult(_facts.Id, site, parameter, null, ""));
            // What a ref argument was before it may still be.
            state = call.RefParameters.Contains(parameter) ? Assign(state, slot, state[slot].Union(given)) : Assign(state.Forget(slot), slot, given);
        }
        if (signatures.Count > 0)
            state = ApplySignatures(state, call, site, signatures, substitution, arguments);
        return state;
    }

    /// <summary>What enumerating a query runs: the delegates that it is made with, and what its sources run.</summary>
    RefSet Query(CallOp call, int site, ImmutableArray<RefSet> arguments)
    {
        var runs = new List<Ref>();
        for (int i = 0; i < arguments.Length; i++)
        {
            bool isSource = !call.Deferred.Contains(i);
            foreach (var r in (isSource ? Returned(arguments[i]) : arguments[i]).Refs)
            {
                if (r.Kind == RefKind.Query)
                    runs.Add(Ref.Query(r.Base!, r.Enumerates, _facts.Id, site));
                else if (isSource ? r.Kind == RefKind.Delegate : Ref.MayRun(r))
                    runs.Add(Ref.Query(r, isSource, _facts.Id, site));
            }
        }
        return RefSet.Of(runs);
    }

    RefSet Result(CallOp call, int site)
    {
        if (call.Result < 0)
            return RefSet.Empty;
        if (call.Creates is not null)
            return RefSet.Of(Ref.Fresh(site, call.Creates));
        return call.ResultType is Value.Opaque opaque
            ? RefSet.Of(Ref.CallResult(_facts.Id, site, -1, opaque.TypeId, opaque.Display))
            : RefSet.Empty;
    }

    FlowState ApplySignatures(
        FlowState state, CallOp call, int site, IReadOnlyList<Signature> signatures, Substitution substitution, ImmutableArray<RefSet> arguments)
    {
        foreach (var s in signatures)
        {
            foreach (int p in s.DisposedParameters)
            {
                if (p < arguments.Length)
                    state = DisposeGuards(state, arguments[p]);
            }
        }
        // Only what every callee gives back is given back for sure.
        foreach (var r in signatures[0].Released.Where(r => signatures.All(s => s.Released.Contains(r))))
            TryRelease(ref state, substitution.Apply(r), LockMode.Monitor);
        foreach (var (parameter, display) in signatures.SelectMany(static s => s.Found))
        {
            int slot = parameter < 0 ? call.Result : OutSlot(call, parameter);
            if (slot >= 0)
                state = FoundBy(state, slot, site, display);
        }
        int index = 0;
        foreach (var h in signatures.SelectMany(static s => s.Held))
        {
            if (index == SitesPerOp)
                break;
            var conditions = ImmutableHashSet<HeldCondition>.Empty;
            if (h.OnResult is { } wanted && call.Result >= 0)
                conditions = conditions.Add(new HeldCondition(call.Result, wanted));
            int guard = h.HandOver switch
            {
                HandOver.Result => call.Result,
                HandOver.OutParameter => OutSlot(call, h.Parameter),
                _ => -1,
            };
            if (guard >= 0)
            {
                state = state.With(guard, state[guard].Union(RefSet.Of(Ref.Guard(site))));
                conditions = conditions.Add(new HeldCondition(guard, null));
            }
            state = Hold(state, new HeldLock(site * SitesPerOp + index++, substitution.Apply(h.Lock), h.Mode, call.Span, h.Api)
            {
                Conditions = conditions,
                Uncertain = h.Uncertain || h.OnResult is not null || signatures.Any(s => !s.Held.Contains(h)),
            });
        }
        return state;
    }

    static int OutSlot(CallOp call, int parameter)
    {
        foreach (var (p, slot) in call.OutSlots)
        {
            if (p == parameter)
                return slot;
        }
        return -1;
    }
}
