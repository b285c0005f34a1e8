using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;

namespace FenceSafety.Core.Summaries;

/// <summary>What one event of a body reaches, translated from the summaries of its callees.</summary>
public sealed partial class ReachReader(Summarizer summaries, BodyStore bodies, LockNamer namer, IProgram program, EngineOptions options)
{
    static readonly ImmutableArray<string> NoCover = ImmutableArray<string>.Empty;
    static readonly ImmutableArray<Ref> NoExcept = ImmutableArray<Ref>.Empty;

    /// <summary>Every sink behind an event; each chain begins with the event itself.</summary>
    public IEnumerable<Reach> Reaches(SolvedBody body, BodyEvent e) => Behind(body, e).Where(r => !IsReentry(e, r));

    /// <summary>The same instance, held for sure, may be taken again: that is no acquisition.</summary>
    static bool IsReentry(BodyEvent e, Reach r)
    {
        if (r.Sink is not Sink.Acquire { Mode.Recursive: true, Lock: { IsStable: true } taken } acquire)
            return false;
        foreach (var h in e.Held)
        {
            if (h is { IsLock: true, Uncertain: false, Mode.Recursive: true } && !r.Spent.Contains(h.Site) && (acquire.Mode.Shared || !h.Mode.Shared) && h.Lock.Count == 1 && h.Lock.Contains(taken))
                return true;
        }
        return false;
    }

    IEnumerable<Reach> Behind(SolvedBody body, BodyEvent e) => e.Op switch
    {
        AcquireOp { Mode.Kind: LockKind.Region or LockKind.Obligation } => Enumerable.Empty<Reach>(),
        AcquireOp acquire => Acquisition(body, e, acquire),
        EffectOp effect => One(new Sink.Effect(effect.Effect, effect.Detail), new Chain(e.Span, effect.Sink, null)),
        CallOp call => Call(body, e, call),
        _ => Enumerable.Empty<Reach>(),
    };

    static IEnumerable<Reach> One(Sink sink, Chain chain)
    {
        yield return new Reach(sink, NoCover, NoExcept, false, chain);
    }

    static Reach Effect(EffectKind kind, string detail, Chain chain) => new(new Sink.Effect(kind, detail), NoCover, NoExcept, false, chain);

    IEnumerable<Reach> Acquisition(SolvedBody body, BodyEvent e, AcquireOp op)
    {
        foreach (var r in e.Receiver.Refs)
        {
            var classes = namer.Classes(r, body, out bool unknown);
            if (unknown)
            {
                var chain = new Chain(e.Span, "a lock that has no name", null);
                yield return Effect(EffectKind.Unknown, "lock", chain);
                // Whatever lock it is, to wait for it is to sleep.
                if (op.Mode is { NonBlocking: false, Kind: LockKind.Sleeping })
                    yield return new Reach(new Sink.Acquire(Ref.Unknown, op.Mode), NoCover, NoExcept, false, chain);
            }
            else if (!op.Mode.NonBlocking && (classes.Length > 0 || r.IsSymbolic))
                yield return new Reach(new Sink.Acquire(r, op.Mode), NoCover, NoExcept, false, new Chain(e.Span, LockName(r, classes), null));
        }
    }

    static string LockName(Ref r, ImmutableArray<LockClass> classes) =>
        "lock " + (classes.Length > 0 ? classes[0].Display : r.Display.Length > 0 ? r.Display : "of the caller");

    IEnumerable<Reach> Call(SolvedBody body, BodyEvent e, CallOp call)
    {
        switch (call.Target)
        {
            case CallTarget.Exact exact:
                return Callee(body, e, call, exact.Method, SubstitutionAt(body, e));
            case CallTarget.Virtual v:
                return Virtual(body, e, call, v);
            case CallTarget.Constrained c:
                return Constrained(body, e, c.TypeParameter, c, null);
            case CallTarget.Invoke invoke:
                return Invocation(body, e, call, invoke);
            default:
                return Enumerable.Empty<Reach>();
        }
    }

    IEnumerable<Reach> Virtual(SolvedBody body, BodyEvent e, CallOp call, CallTarget.Virtual v)
    {
        var contract = program.Contract(v.Method);
        bool declared = contract.Closed || (contract.HasContract && !contract.Critical);
        // What a framework interface says of itself holds for objects that nobody knows.
        if (declared && (contract.HasContract || e.Receiver.IsEmpty || !e.Receiver.Refs.All(static r => r.IsExact || r.IsOrigin)))
            return Declared(body, e, call, contract, v.Method);
        var dispatch = bodies.ResolveVirtual(v, e.Receiver);
        if (declared && (dispatch.Open || dispatch.Targets.IsEmpty))
            return Declared(body, e, call, contract, v.Method);
        var result = new List<Reach>();
        var substitution = SubstitutionAt(body, e);
        if (options.IsTooMany(dispatch.Targets))
            return new[] { Effect(EffectKind.Unknown, "virtual", new Chain(e.Span, contract.Display, null)) with { EdgeOnly = contract.Critical } };
        foreach (string target in dispatch.Targets)
            result.AddRange(Callee(body, e, call, target, substitution));
        if (contract.Critical)
            return result.Where(static r => r.Sink is Sink.Acquire).Select(static r => r with { EdgeOnly = true });
        bool ownGuard = call.IsDispose && e.Receiver.Refs.Any(static r => r.Kind == RefKind.Guard);
        if (call.Quiet)
            return result;
        if (dispatch.Open && options.KeepCalls)
            result.Add(Kept(v.Method, v, substitution, call.Enumerates, !dispatch.Targets.IsEmpty || ownGuard, new Chain(e.Span, contract.Display, null)));
        else if (dispatch.Open && !call.Enumerates && !(ownGuard && dispatch.Targets.IsEmpty) && (dispatch.Targets.IsEmpty || options.UnknownCalls == UnknownCalls.Report))
            result.Add(Effect(EffectKind.Unknown, "virtual", new Chain(e.Span, contract.Display, null)));
        return result;
    }

    /// <summary>What is declared of a member, as a caller meets it.</summary>
    IEnumerable<Reach> Declared(SolvedBody body, BodyEvent e, CallOp call, MemberContract contract, string method)
    {
        if (contract.AssumeSafe)
            yield break;
        var chain = new Chain(e.Span, contract.Display, null);
        if (contract.BlockingWait)
        {
            yield return Effect(EffectKind.BlockingWait, "blocking", chain);
            yield break;
        }
        if (contract.MayAllocate)
        {
            foreach (var r in Allocation(e, contract, chain))
                yield return r;
        }
        if (contract.WaitsForFence)
            yield return Effect(EffectKind.FenceWait, "fence", chain);
        if (contract.Managed is not null && !(options.IgnoreGrowth && contract.Managed == "growth"))
            yield return Effect(EffectKind.ManagedAllocation, contract.Managed, chain);
        if (contract.CallsBack && !call.CallbacksKnown)
            yield return Effect(EffectKind.Unknown, "callback", chain);
        foreach (int i in contract.Invokes)
        {
            var argument = i < 0 ? e.Receiver : i < e.Arguments.Length ? e.Arguments[i] : RefSet.Empty;
            foreach (var r in Invoked(body, argument, chain, e))
                yield return r;
        }
    }

    /// <summary>Blocking or not, by the flags that are passed.</summary>
    static IEnumerable<Reach> Allocation(BodyEvent e, MemberContract contract, Chain chain)
    {
        if (contract.FlagsParameter < 0)
        {
            yield return Effect(EffectKind.BlockingAllocation, "blocking", chain);
            yield break;
        }
        var flags = contract.FlagsParameter < e.Arguments.Length ? e.Arguments[contract.FlagsParameter] : RefSet.Empty;
        foreach (var r in Flags(flags, contract.BlockingFlags, chain))
            yield return r;
    }

    static IEnumerable<Reach> Flags(RefSet flags, long mask, Chain chain)
    {
        if (flags.IsEmpty)
            yield return Effect(EffectKind.BlockingAllocation, "blocking", chain);
        foreach (var r in flags.Refs)
        {
            if (r.Kind == RefKind.Constant)
            {
                if ((r.Bits & mask) != 0)
                    yield return Effect(EffectKind.BlockingAllocation, "blocking", chain);
            }
            else if (r.Kind is RefKind.Parameter or RefKind.Captured)
            {
                yield return new Reach(new Sink.AllocateIf(r, mask), NoCover, NoExcept, false, chain);
            }
            else
            {
                yield return Effect(EffectKind.BlockingAllocation, "blocking", chain);
            }
        }
    }

    /// <summary>Everything behind a call of exactly this member.</summary>
    IEnumerable<Reach> Callee(SolvedBody body, BodyEvent e, CallOp? call, string target, Substitution substitution)
    {
        var contract = program.Contract(target);
        if (contract.AssumeSafe)
            return Enumerable.Empty<Reach>();
        var result = new List<Reach>();
        bool enumerates = call is { Enumerates: true };
        if (call is not null && !enumerates)
            result.AddRange(Declared(body, e, call, contract, target));
        if (contract.BlockingWait || contract.Closed)
            return result;
        var summary = summaries.Demand(target, body.Facts.Id);
        var isIterator = summaries.Callee(target);
        // All but the run of an iterator's body is the affair of the call that made what is enumerated.
        if (enumerates && isIterator != true && (isIterator is not null || !options.KeepCalls))
        {
            if (isIterator == false && call!.OrUnknown)
                result.Add(Effect(EffectKind.Unknown, "call", new Chain(e.Span, "the enumerator of " + contract.Display, null)));
            return result;
        }
        if (isIterator is null)
        {
            // The disposal of a guard is the release of its lock.
            bool ownGuard = call is { IsDispose: true } && e.Receiver.Refs.Any(static r => r.Kind == RefKind.Guard);
            if (options.KeepCalls)
                result.Add(Kept(target, (e.Op as CallOp)?.Target, substitution, enumerates, contract.HasContract, new Chain(e.Span, contract.Display, null)) with { EdgeOnly = contract.Critical });
            else if (!contract.HasContract && !ownGuard && call is not { CallbacksKnown: true })
                result.Add(Effect(EffectKind.Unknown, "call", new Chain(e.Span, contract.Display, null)));
            return result;
        }
        if (isIterator == true && call is { Enumerates: false })
        {
            result.Add(Effect(EffectKind.ManagedAllocation, "iterator", new Chain(e.Span, contract.Display, null)));
            return result;
        }
        foreach (var r in summary.Reaches)
        {
            // What critical code does is reported there, but its locks, and those of delegates that it is handed, make edges for those of its callers.
            if (contract.Critical && !MakesEdges(r))
                continue;
            result.AddRange(Translate(body, e, contract.Display, substitution, contract.Critical ? r with { EdgeOnly = true } : r));
        }
        return result;
    }

    public Substitution SubstitutionAt(SolvedBody body, BodyEvent e) => new(e.Receiver, e.Arguments, CapturedIn(body));

    /// <summary>What a captured variable is in the body that declares it; a body nested in that one hands it on.</summary>
    static Func<Ref, RefSet> CapturedIn(SolvedBody body) => r =>
        r.Name == body.Facts.Id
            ? body.Captured.TryGetValue(r.Index, out var set) && !set.IsEmpty ? set : RefSet.Of(Ref.Unknown)
            : body.Facts.Parent is not null ? RefSet.Of(r) : RefSet.Of(Ref.Unknown);

    /// <summary>A callee's reach in the terms of the body that calls it.</summary>
    public IEnumerable<Reach> Translate(SolvedBody body, BodyEvent e, string callee, Substitution s, Reach r)
    {
        var chain = new Chain(e.Span, callee, r.Chain);
        var (except, spent) = r.Except.IsEmpty ? (r.Except, ImmutableArray<int>.Empty) : GivenBack(e, s, r.Except);
        foreach (var t in TranslateSink(body, e, s, r.Sink, chain).Where(t => !(r is { EdgeOnly: true, Sink: Sink.Invoke }) || MakesEdges(t)))
            yield return t with { Cover = r.Cover.IsEmpty ? t.Cover : r.Cover, Except = except, Spent = spent, EdgeOnly = r.EdgeOnly };
    }

    /// <summary>
    /// What a callee gives back is a lock that is held here, or else one of the callers. One that may be another is here only the innermost
    /// that is known by the same values, and nobody's besides.
    /// </summary>
    static (ImmutableArray<Ref> Except, ImmutableArray<int> Spent) GivenBack(BodyEvent e, Substitution s, ImmutableArray<Ref> released)
    {
        var except = ImmutableArray.CreateBuilder<Ref>();
        var spent = ImmutableArray.CreateBuilder<int>();
        foreach (var set in released.Select(s.Apply).Distinct())
        {
            var held = e.Held.Where(h => h.IsLock && h.Lock.Equals(set)).ToList();
            if (held.Count > 0)
            {
                int depth = held.Max(static h => h.Depth);
                spent.AddRange(held.Where(h => h.Depth == depth).Select(static h => h.Site));
            }
            else if (set.Count == 1)
            {
                except.AddRange(set.Refs);
            }
        }
        return (except.ToImmutable(), spent.ToImmutable());
    }

    IEnumerable<Reach> TranslateSink(SolvedBody body, BodyEvent e, Substitution s, Sink sink, Chain chain)
    {
        switch (sink)
        {
            case Sink.Acquire acquire:
                return Acquired(body, s.Apply(acquire.Lock), acquire.Mode, chain);
            case Sink.AllocateIf allocate:
                return Flags(s.Apply(allocate.Flags), allocate.Mask, chain);
            case Sink.Invoke { Enumerates: true } run:
                return Enumerated(body, s.Apply(run.Delegate), chain, e);
            case Sink.Invoke invoke:
                return Invoked(body, s.Apply(invoke.Delegate), chain, e);
            case Sink.Constrained constrained:
                return Constrained(body, e, Argument(e, constrained.TypeParameter), null, (constrained, chain));
            case Sink.Call call:
                return One(Translate(e, s, call), chain);
            default:
                return One(sink, chain);
        }
    }

    IEnumerable<Reach> Acquired(SolvedBody body, RefSet locks, LockMode mode, Chain chain)
    {
        foreach (var r in locks.Refs)
        {
            namer.Classes(r, body, out bool unknown);
            if (unknown)
            {
                yield return Effect(EffectKind.Unknown, "lock", chain);
                if (mode.Kind == LockKind.Sleeping)
                    yield return new Reach(new Sink.Acquire(Ref.Unknown, mode), NoCover, NoExcept, false, chain);
            }
            else if (r.Kind != RefKind.Fresh)
                yield return new Reach(new Sink.Acquire(r, mode), NoCover, NoExcept, false, chain);
        }
    }

    IEnumerable<Reach> Invocation(SolvedBody body, BodyEvent e, CallOp call, CallTarget.Invoke invoke)
    {
        if (call.Enumerates)
            return Enumerated(body, e.Receiver, null, e);
        var contract = summaries.DelegateContract(invoke.Type);
        if (contract.HasContract || contract.BlockingWait)
        {
            var declared = Declared(body, e, call, contract, invoke.Type);
            if (!contract.Critical || contract.AssumeSafe)
                return declared;
            // As of a critical member: what it does is its own affair, but its locks make edges for those of its callers.
            return declared.Concat(Invoked(body, e.Receiver, new Chain(e.Span, invoke.Display, null), e)
                .Where(MakesEdges).Select(static r => r with { EdgeOnly = true }));
        }
        return Invoked(body, e.Receiver, new Chain(e.Span, invoke.Display, null), e);
    }

    static bool MakesEdges(Reach r) => r.Sink is Sink.Acquire or Sink.Invoke;

    /// <summary>What calling these delegates reaches; the last hop of <paramref name="chain"/> is the call.</summary>
    IEnumerable<Reach> Invoked(SolvedBody body, RefSet delegates, Chain chain, BodyEvent at)
    {
        if (delegates.IsEmpty)
            return One(new Sink.Effect(EffectKind.Unknown, "delegate"), chain);
        var result = new List<Reach>();
        foreach (var r in delegates.Refs)
        {
            switch (r.Kind)
            {
                case RefKind.Delegate:
                    var known = InvokeKnown(body, r, at, chain);
                    result.AddRange(known);
                    break;
                case RefKind.Parameter or RefKind.Captured:
                    result.Add(new Reach(new Sink.Invoke(r), NoCover, NoExcept, false, chain));
                    break;
                case RefKind.Field when Stored(r, body) is { } stored:
                    if (!stored.IsEmpty)
                        result.AddRange(Invoked(body, stored, chain, at));
                    break;
                case RefKind.Constant or RefKind.Guard or RefKind.Found or RefKind.Snapshot:
                    break;
                default:
                    result.Add(Effect(EffectKind.Unknown, "delegate", chain));
                    break;
            }
        }
        return result;
    }

    IEnumerable<Reach> InvokeKnown(SolvedBody body, Ref r, BodyEvent at, Chain chain)
    {
        // A virtual method group runs the implementations.
        var dispatch = bodies.WithExternal(program.Resolve(r.Name, "", null, ""), r.Name);
        if (dispatch.Targets.Length == 1 && dispatch.Targets[0] == r.Name)
            return InvokeExactly(body, r, at, chain);
        if (program.Contract(r.Name) is { HasContract: true } or { Closed: true })
            return InvokeExactly(body, r, at, chain);
        if (dispatch.Targets.IsEmpty && dispatch.Open)
            return One(new Sink.Effect(EffectKind.Unknown, "virtual"), chain.Append(program.Contract(r.Name).Display, null));
        return dispatch.Targets.SelectMany(t => InvokeExactly(body, Ref.Delegate(t, r.Display, r.Base), at, chain));
    }

    /// <summary>For what a delegate, or an iterator, was made of: its receiver is the one that it was made with.</summary>
    static Substitution SubstitutionOf(Ref made, ImmutableArray<RefSet> arguments, SolvedBody body) =>
        new(RefSet.Of(made.Base ?? Ref.Receiver), arguments, CapturedIn(body));

    IEnumerable<Reach> InvokeExactly(SolvedBody body, Ref r, BodyEvent at, Chain chain)
    {
        var substitution = SubstitutionOf(r, at.Op is CallOp { Target: CallTarget.Invoke } ? at.Arguments : ImmutableArray<RefSet>.Empty, body);
        string name = program.Contract(r.Name).Display;
        foreach (var reach in Callee(body, at, null, r.Name, substitution))
        {
            // The callee's own chain begins at `at`: what follows it hangs below the call of the delegate.
            yield return reach with { Chain = chain.Append(name, reach.Chain.Next) };
        }
        foreach (var reach in Declared(body, at, NoCall, program.Contract(r.Name), r.Name))
            yield return reach with { Chain = chain.Append(name, null) };
    }

    static readonly CallOp NoCall = new(SourceSpan.None, new CallTarget.Exact("", ImmutableArray<string>.Empty), null, ImmutableArray<Value>.Empty, -1);

    /// <summary>What a delegate that is converted here would reach if it were called.</summary>
    public IEnumerable<Reach> Converted(SolvedBody body, BodyEvent e) =>
        Invoked(body, e.Receiver, new Chain(e.Span, "the delegate", null), e);

    /// <summary>
    /// A reach in the terms of nobody: what flows to the body from callers that can be seen, else what its parameters are by type.
    /// </summary>
    /// <param name="callers">For code that answers for itself: what its parameters are for the callers that can be seen.</param>
    public IEnumerable<Reach> Close(SolvedBody body, Reach r, CallerArguments? callers = null)
    {
        if (!r.Sink.IsSymbolic)
            return new[] { r };
        var at = new BodyEvent { Site = -1, Op = NoCall, Held = ImmutableArray<HeldLock>.Empty, Released = ImmutableArray<Ref>.Empty };
        return TranslateSink(body, at, RootSubstitution(body, callers, r.Sink.SpeaksOf), r.Sink, r.Chain).Where(static t => t.Sink is not Sink.Invoke { Enumerates: true }).SelectMany(t => t.Sink switch
        {
            Sink.Constrained c => CloseConstrained(body, c, t.Chain),
            Sink.Acquire { Lock.IsSymbolic: false } or Sink.Effect or Sink.Call => new[] { t },
            Sink.AllocateIf => new[] { Effect(EffectKind.BlockingAllocation, "blocking", t.Chain) },
            _ => new[] { Effect(EffectKind.Unknown, "delegate", t.Chain) },
        }).Select(t => t with { Cover = t.Cover.Union(r.Cover).ToImmutableArray(), EdgeOnly = r.EdgeOnly });
    }

    /// <summary>What an event reaches, in the terms of nobody.</summary>
    public IEnumerable<RootReach> Closed(SolvedBody body, BodyEvent e, CallerArguments callers) =>
        Reaches(body, e).SelectMany(r => Close(body, r, callers)).Select(r => new RootReach(body, e, r));

    public Ref CloseLock(SolvedBody body, Ref r) => RootSubstitution(body).Apply(r).Refs.FirstOrDefault(static x => !x.IsSymbolic) ?? Ref.Unknown;

    Substitution RootSubstitution(SolvedBody body, CallerArguments? callers = null, Func<int, bool>? speaksOf = null)
    {
        var defaults = body.Facts.ParameterDefaults;
        bool hidden = !body.Facts.IsVisibleOutside;
        var arguments = defaults.Select((d, i) =>
        {
            var bound = hidden ? summaries.Binding(body.Facts.Id, i) : RefSet.Empty;
            if (callers is not null && bound.IsEmpty && speaksOf!(i))
                bound = callers.Of(body.Facts.Id, i);
            return bound.IsEmpty ? Default(d) : hidden ? bound : bound.Union(Default(d));
        }).ToImmutableArray();
        return new Substitution(Default(body.Facts.ReceiverDefault), arguments, r => Owner(body, r, callers));
    }

    static RefSet Default(Value value) => RefSet.Of(value switch
    {
        Value.Opaque opaque => Ref.Opaque(opaque.TypeId, opaque.Display),
        Value.Field field => Ref.Field(null, field.Id, field.Lock),
        _ => Ref.Unknown,
    });

    /// <summary>A captured variable has the values that the body around gives it.</summary>
    RefSet Owner(SolvedBody body, Ref r, CallerArguments? callers)
    {
        if (bodies.Find(r.Name) is not { } owner || owner == body || !owner.Captured.TryGetValue(r.Index, out var set) || set.IsEmpty)
            return RefSet.Of(Ref.Unknown);
        return RootSubstitution(owner, callers, i => set.Refs.Any(x => Sink.IsOf(x, i))).Apply(set);
    }

    /// <summary>Edges that a callee left open, in the terms of this body.</summary>
    public IEnumerable<Pending> Pendings(SolvedBody body, BodyEvent e)
    {
        if (e.Op is not CallOp call)
            yield break;
        var targets = bodies.Targets(call.Target, e.Receiver);
        if (options.IsTooMany(targets))
            yield break;
        foreach (string target in targets)
        {
            var contract = program.Contract(target);
            if (contract.AssumeSafe)
                continue;
            var summary = summaries.Peek(target, body.Facts.Id);
            if (!summary.LeavesOpen)
                continue;
            var substitution = SubstitutionAt(body, e);
            foreach (var p in summary.Pendings)
            {
                if (!p.IsOpen)
                    continue;
                foreach (var l in substitution.Apply(p.Lock).Refs)
                {
                    foreach (var r in TranslateSink(body, e, substitution, p.Reach.Sink, p.Reach.Chain))
                    {
                        yield return p with
                        {
                            Lock = l,
                            Reach = r with { Cover = p.Reach.Cover, Except = p.Reach.Except, EdgeOnly = p.Reach.EdgeOnly },
                            Through = p.Through ?? (p.Reach.Chain.Span.IsNone ? new Entry(body.Facts.Id, e.Span, contract.Display) : null),
                        };
                    }
                }
            }
        }
    }
}
