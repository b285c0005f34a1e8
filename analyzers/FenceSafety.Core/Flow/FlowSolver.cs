using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>
/// Solves one body: a forward may-analysis over its control-flow graph. The state is what slots may be and which locks may be held;
/// blocks are visited from a worklist in their own order until nothing changes.
/// </summary>
public sealed partial class FlowSolver
{
    /// <summary>The pseudo slot that stands for the value returned.</summary>
    const int ReturnSlot = -2;

    /// <summary>Pseudo slots of fields that a constructor has stored, counting down.</summary>
    const int FirstFieldSlot = -1000;

    /// <summary>One op may acquire this many locks (a callee's guard over several).</summary>
    const int SitesPerOp = 8;

    /// <summary>A block that still changes after this many visits is widened by dropping its conditions.</summary>
    const int VisitsBeforeWidening = 64;

    readonly MethodFacts _facts;
    readonly IFlowContext _context;
    readonly CancellationToken _cancel;
    readonly FlowState?[] _entry;
    readonly int[] _firstSite;
    readonly Dictionary<int, (CallOp Call, RefSet Receiver, ImmutableArray<RefSet> Arguments)> _calls = new();
    readonly SortedDictionary<int, BodyEvent> _events = new();
    readonly Dictionary<int, RefSet> _captured = new();
    readonly Dictionary<string, int> _ownFields = new(StringComparer.Ordinal);
    readonly HashSet<int> _escaping = new();
    readonly HashSet<int> _disposed = new();
    readonly List<(LockInfo, RefSet)> _stores = new();
    readonly List<BalanceError> _errors = new();

    /// <summary>Handlers of code in which no op throws: what is no op may throw too.</summary>
    readonly HashSet<int> _quietHandlers;
    bool _recording;

    FlowSolver(MethodFacts facts, IFlowContext context, CancellationToken cancel)
    {
        _facts = facts;
        _context = context;
        _cancel = cancel;
        _entry = new FlowState?[facts.Blocks.Length];
        _firstSite = new int[facts.Blocks.Length];
        for (int i = 1; i < _firstSite.Length; i++)
            _firstSite[i] = _firstSite[i - 1] + facts.Blocks[i - 1].Ops.Length;
        _quietHandlers = new HashSet<int>(facts.Blocks.SelectMany(static b => b.Handlers));
        if (_quietHandlers.Count > 0)
        {
            foreach (var block in facts.Blocks)
                _quietHandlers.ExceptWith(block.Ops.Any(MayThrow) ? block.Handlers.Concat(block.Rethrows) : block.Rethrows);
        }
    }

    /// <summary>What is passed to a call that throws is the callee's all the same: what it consumes, and what it disposes of.</summary>
    FlowState HandedOver(FlowState state, Block block, int index)
    {
        if (block.Ops[index] is not CallOp call)
            return state;
        if (call.IsDispose)
            state = DisposeGuards(state, Eval(state, call.Receiver));
        for (int i = index + 1; i < block.Ops.Length && block.Ops[i] is ConsumeOp consume && consume.Span == call.Span; i++)
            state = DisposeGuards(state, Eval(state, consume.Value));
        return state;
    }

    static bool MayThrow(Op op) => op is CallOp or EffectOp or AcquireOp;

    public static SolvedBody Solve(MethodFacts facts, IFlowContext context, CancellationToken cancel) =>
        new FlowSolver(facts, context, cancel).Run();

    SolvedBody Run()
    {
        var state = FlowState.Start;
        for (int i = 0; i < _facts.ParameterSlots.Length; i++)
            state = Assign(state, _facts.ParameterSlots[i], ParameterValue(i));
        if (_entry.Length > 0)
            _entry[0] = state;
        Iterate();
        return Record();
    }

    /// <summary>A parameter whose lock class is declared is that class, whatever is passed.</summary>
    RefSet ParameterValue(int index) =>
        index < _facts.ParameterDefaults.Length && _facts.ParameterDefaults[index] is Value.Field named
            ? RefSet.Of(Ref.Field(null, named.Id, named.Lock))
            : RefSet.Of(Ref.Parameter(index));

    void Iterate()
    {
        var work = new SortedSet<int>();
        var visits = new int[_entry.Length];
        if (_entry.Length > 0)
            work.Add(0);
        while (work.Count > 0)
        {
            _cancel.ThrowIfCancellationRequested();
            int b = work.Min;
            work.Remove(b);
            visits[b]++;
            Transfer(b, _entry[b]!, (target, state) =>
            {
                var old = _entry[target];
                var joined = old is null ? state : old.Join(state);
                if (visits[target] > VisitsBeforeWidening)
                    joined = joined.WithHeld(joined.Held.Select(static h => h with { Conditions = ImmutableHashSet<HeldCondition>.Empty }));
                if (old is not null && old.SameAs(joined))
                    return;
                _entry[target] = joined;
                work.Add(target);
            });
        }
    }

    /// <summary>Runs a block and hands the state on to its successors.</summary>
    FlowState Transfer(int index, FlowState state, Action<int, FlowState> flow)
    {
        var block = _facts.Blocks[index];
        foreach (int h in block.Handlers)
        {
            if (_quietHandlers.Contains(h))
                flow(h, state);
        }
        for (int i = 0; i < block.Ops.Length; i++)
        {
            // What throws has not happened.
            if (!block.Handlers.IsEmpty && MayThrow(block.Ops[i]))
            {
                var thrown = HandedOver(state, block, i);
                foreach (int h in block.Handlers)
                    flow(h, thrown);
            }
            state = Step(state, block.Ops[i], _firstSite[index] + i);
        }
        foreach (int h in block.Rethrows)
            flow(h, state);
        if (block.Condition is null)
        {
            if (block.Next >= 0)
                flow(block.Next, state);
            return state;
        }
        if (block.Next >= 0 && Refine(state, block.Condition, true) is { } then)
            flow(block.Next, then);
        if (block.Otherwise >= 0 && Refine(state, block.Condition, false) is { } otherwise)
            flow(block.Otherwise, otherwise);
        return state;
    }

    /// <summary>The state on one side of a test, or null if that side cannot be.</summary>
    FlowState? Refine(FlowState state, Condition condition, bool holds)
    {
        var value = condition.Value;
        while (value is Value.Not not)
        {
            value = not.Operand;
            holds = !holds;
        }
        if (value is Value.NonNull present && !condition.IsNull)
        {
            condition = new Condition(present.Operand, true);
            (value, holds) = (present.Operand, !holds);
        }
        if (condition.Compares is { } pair && holds != condition.Different)
            state = Compared(state, pair.Left, pair.Right);
        if (value is Value.Constant { Kind: ConstantKind.Boolean } constant && !condition.IsNull)
            return (constant.Bits != 0) == holds ? state : null;
        if (value is not Value.Slot slot)
            return state;
        if (condition.IsNull)
        {
            // On the null side the lock whose guard this is cannot be held.
            return holds
                ? state.WithHeld(state.Held.Where(h => !h.Conditions.Contains(new HeldCondition(slot.Index, null))))
                : Settle(state, new HeldCondition(slot.Index, null));
        }
        if (!_facts.WrittenElsewhere.Contains(slot.Index) && state[slot.Index].AsBoolean() is { } known && known != holds)
            return null;
        state = state.WithHeld(state.Held.Where(h => !h.Conditions.Contains(new HeldCondition(slot.Index, !holds))));
        return Settle(state, new HeldCondition(slot.Index, holds));
    }

    /// <summary>Where a condition is true, what is held under it is held for sure.</summary>
    static FlowState Settle(FlowState state, HeldCondition condition) =>
        state.Held.Any(h => h.Uncertain && h.Conditions.Contains(condition))
            ? state.WithHeld(state.Held.Select(h => h.Conditions.Contains(condition) ? h with { Uncertain = false } : h))
            : state;

    /// <summary>One more pass over the solution, in which events and errors are written down.</summary>
    SolvedBody Record()
    {
        _recording = true;
        var exits = new List<FlowState>();
        for (int b = 0; b < _entry.Length; b++)
        {
            if (_entry[b] is not { } state)
                continue;
            var end = Transfer(b, state, static (_, _) => { });
            if (_facts.Blocks[b].IsExit)
                exits.Add(end);
        }
        var signature = Signature.Empty;
        if (exits.Count > 0)
            signature = Leave(exits.Aggregate(static (a, b) => a.Join(b)), exits);
        CheckReleases();
        return new SolvedBody
        {
            Facts = _facts,
            Events = _events.Values.ToImmutableArray(),
            Signature = signature,
            Errors = _errors.Distinct().ToImmutableArray(),
            Captured = _captured,
            Stores = _stores.ToImmutableArray(),
            Escaping = _escaping.ToImmutableHashSet(),
        };
    }

    Signature Leave(FlowState end, List<FlowState> exits)
    {
        var held = new List<HeldOnReturn>();
        foreach (var h in end.Held)
        {
            if (h.Retaken && !h.OnEntry)
                _errors.Add(new BalanceError(BalanceKind.Leak, h.Span, h.Lock, h.Api));
            if (h.OnEntry || h.Retaken || h.Scope != 0)
                continue;
            bool handedOn = exits.All(e => e.Held.All(x => x.Site != h.Site || x.HandedOn));
            if (h.Mode.Kind == LockKind.Reference)
                continue;
            if (h.Mode.Kind == LockKind.Obligation)
            {
                // What is left in an out or ref parameter is the caller's.
                bool given = OutParameterWith(end, Ref.Guard(h.Site / SitesPerOp)) is var parameterOf and >= 0 && _facts.OutParameters.Contains(parameterOf);
                if (!handedOn && !given)
                    _errors.Add(new BalanceError(BalanceKind.Dropped, h.Span, RefSet.Empty, h.Api));
                continue;
            }
            var guard = Ref.Guard(h.Site / SitesPerOp);
            var where = HandOver.Plain;
            int parameter = -1;
            if (_facts.IsConstructor && _facts.IsOfDisposable || end[ReturnSlot].Contains(guard))
                where = HandOver.Result;
            else if (OutParameterWith(end, guard) is >= 0 and var p)
                (where, parameter) = (HandOver.OutParameter, p);
            else if (_facts.ReturnsDisposable && h.IsLock)
                (where, handedOn) = (HandOver.Result, true);
            else if (h.IsLock && GivenWith(h, exits) is >= 0 and var given)
                (where, parameter) = (HandOver.OutParameter, given);
            bool? onResult = null;
            foreach (var c in h.Conditions)
            {
                if (c.Slot == ReturnSlot)
                    onResult = c.Value;
            }
            held.Add(new HeldOnReturn(h.Lock, h.Mode, h.Api, onResult, where, parameter) { Uncertain = h.Uncertain && onResult is null });
            if (where == HandOver.Plain && !handedOn)
                _errors.Add(new BalanceError(h.IsRegion ? BalanceKind.RegionLeak : BalanceKind.Leak, h.Span, h.Lock, h.Api));
            else if (where == HandOver.Result && !handedOn && !_facts.IsConstructor && exits.Any(e => e.Held.Any(x => x.Site == h.Site && !x.HandedOn)))
                _errors.Add(new BalanceError(h.IsRegion ? BalanceKind.RegionLeak : BalanceKind.Leak, h.Span, h.Lock, h.Api));
        }
        return new Signature(held.ToImmutableArray(), end.Released, Visible(end[ReturnSlot]), _disposed.OrderBy(static i => i).ToImmutableArray())
        {
            OutValues = _facts.OutParameters.Where(i => i < _facts.ParameterSlots.Length)
                .Select(i => (i, Visible(end[_facts.ParameterSlots[i]]))).Where(static o => !o.Item2.IsEmpty).ToImmutableArray(),
            Found = FoundOnReturn(exits),
        };
    }

    /// <summary>A value as callers see it; one of which nothing is known says nothing.</summary>
    static RefSet Visible(RefSet value)
    {
        var refs = RefSet.Of(value.Refs.Where(static r => !r.IsOrigin));
        return refs.Count == 1 && refs.Refs[0].Equals(Ref.Unknown) ? RefSet.Empty : refs;
    }

    /// <summary>The out parameter that is left with something to dispose of wherever the lock is held, or -1.</summary>
    int GivenWith(HeldLock held, List<FlowState> exits)
    {
        foreach (int p in _facts.GuardParameters)
        {
            int slot = _facts.ParameterSlots[p];
            if (exits.All(e => e.Held.All(h => h.Site != held.Site) || e[slot].Refs.Any(static r => r is not { Kind: RefKind.Constant })))
                return p;
        }
        return -1;
    }

    int OutParameterWith(FlowState end, Ref guard)
    {
        for (int i = 0; i < _facts.ParameterSlots.Length; i++)
        {
            if (end[_facts.ParameterSlots[i]].Contains(guard))
                return i;
        }
        return -1;
    }
}
