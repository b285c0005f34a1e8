using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Memo;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core;

/// <summary>
/// The bodies that have been read, with their flow solved. A body is solved again when the signature of one that it calls changes;
/// whoever mentions the name of one that changes locks is read as well.
/// </summary>
public sealed class BodyStore : IFlowContext
{
    readonly IProgram _program;
    readonly CancellationToken _cancel;
    readonly FlowMemo _flows;
    readonly Dictionary<string, SolvedBody> _solved = new(StringComparer.Ordinal);
    readonly Dictionary<string, Signature> _signatures = new(StringComparer.Ordinal);
    readonly Dictionary<string, HashSet<string>> _callers = new(StringComparer.Ordinal);
    readonly Dictionary<string, HashSet<string>> _readers = new(StringComparer.Ordinal);
    readonly HashSet<string> _without = new(StringComparer.Ordinal);
    readonly HashSet<string> _injecting = new(StringComparer.Ordinal);
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly SortedSet<string> _work = new(StringComparer.Ordinal);
    readonly Dictionary<string, ExternalStub?> _external = new(StringComparer.Ordinal);

    SolvedBody[]? _all;

    /// <param name="program">The program.</param>
    /// <param name="before">What is known of an earlier run.</param>
    /// <param name="now">Takes what this run finds out.</param>
    /// <param name="cancel">Ends the run.</param>
    public BodyStore(IProgram program, EngineMemo? before, EngineMemo now, CancellationToken cancel)
    {
        _program = program;
        _cancel = cancel;
        _flows = new FlowMemo(before, now, this);
    }

    /// <summary>For a run of which nothing is kept.</summary>
    public BodyStore(IProgram program, CancellationToken cancel)
    {
        _program = program;
        _cancel = cancel;
        _flows = new FlowMemo(null, null, this);
    }

    /// <summary>A call that may reach more members than this says nothing of locks: somebody else says that it is unknown.</summary>
    public int MaxTargets { get; init; } = int.MaxValue;

    public int Count => _solved.Count;

    /// <summary>How often a body's flow was solved.</summary>
    public int Solved => _flows.Solved;

    /// <summary>How many bodies were solved: once or more.</summary>
    public int SolvedBodies => _flows.Bodies.Count;

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<SolvedBody> All => _all ??= _solved.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => p.Value).ToArray();

    public SolvedBody? Find(string id) => _solved.TryGetValue(id, out var body) ? body : null;

    /// <summary>A member of another assembly that a summary speaks of, as a body without ops; null if there is none.</summary>
    public ExternalStub? External(string id)
    {
        if (_external.TryGetValue(id, out var stub))
            return stub;
        return _external[id] = _solved.ContainsKey(id) || _program.External(id) is not { HasBody: true } member ? null : new ExternalStub(member);
    }

    public bool IsKnown(string id) => _solved.ContainsKey(id) || _without.Contains(id);

    /// <summary>Reads a body, and those nested in it, unless that was done.</summary>
    public bool Add(string id)
    {
        if (_solved.ContainsKey(id) || _without.Contains(id) || _work.Contains(id))
            return false;
        var facts = _program.Facts(id);
        if (facts is null)
        {
            _without.Add(id);
            return false;
        }
        _work.Add(id);
        if (facts.Parent is not null)
            Add(facts.Parent);
        foreach (string nested in facts.Nested)
            Add(nested);
        return true;
    }

    /// <summary>Reads everybody who mentions a name.</summary>
    public bool AddMentioning(string name)
    {
        if (name.Length == 0 || !_names.Add(name))
            return false;
        bool any = false;
        foreach (string id in _program.BodiesMentioning(name))
            any |= Add(id);
        return any;
    }

    public void Solve()
    {
        while (_work.Count > 0)
        {
            _cancel.ThrowIfCancellationRequested();
            string id = _work.Min!;
            _work.Remove(id);
            var facts = _program.Facts(id)!;
            var solved = _flows.Solve(facts, _cancel);
            _solved[id] = solved;
            _all = null;
            FollowInjectedLocks(solved);
            var old = _signatures.TryGetValue(id, out var s) ? s : Signature.Empty;
            if (solved.Signature.SameAs(old))
                continue;
            _signatures[id] = solved.Signature;
            if (solved.Signature.ChangesLocks || old.ChangesLocks)
                AddMentioning(facts.CallName);
            // Most bodies that call it care for its locks alone.
            if (!solved.Signature.SameLocks(old))
            {
                _lockChanges++;
                SolveAgain(_callers, id);
                if (_familiesOf.TryGetValue(id, out var families))
                    _work.UnionWith(families.SelectMany(static f => f.Callers).Where(_solved.ContainsKey));
            }
            if (!solved.Signature.SameValues(old))
                SolveAgain(_readers, id);
        }
    }

    void SolveAgain(Dictionary<string, HashSet<string>> dependents, string id)
    {
        if (dependents.TryGetValue(id, out var list))
            _work.UnionWith(list.Where(_solved.ContainsKey));
    }

    /// <summary>A lock that arrives through a constructor is named by those who call it.</summary>
    void FollowInjectedLocks(SolvedBody body)
    {
        foreach (var e in body.Events)
        {
            if (e.Op is not AcquireOp)
                continue;
            foreach (var r in e.Receiver.Refs)
            {
                if (r is not { Kind: RefKind.Field, Info.InjectedBy: { } type })
                    continue;
                AddMentioning(type);
                foreach (string writer in _program.FieldWriters(r.Name) ?? Array.Empty<string>())
                {
                    Add(writer);
                    _injecting.Add(writer);
                }
            }
        }
        // Who hands its own parameter on to such a constructor is as good as one.
        foreach (var e in body.Events)
        {
            if (e.Op is not CallOp { Target: CallTarget.Exact { Method: var method } } || !_injecting.Contains(method)
                || !e.Arguments.Any(static a => a.Refs.Any(static r => r.Kind == RefKind.Parameter && r.Index >= 0)) || !_injecting.Add(body.Facts.Id))
                continue;
            AddMentioning(body.Facts.IsConstructor ? "new " + body.Facts.CallName : body.Facts.CallName);
        }
    }

    public ImmutableArray<string> Targets(CallTarget target, RefSet receiver) => target switch
    {
        CallTarget.Exact exact => ImmutableArray.Create(exact.Method),
        CallTarget.Virtual v => ResolveVirtual(v, receiver).Targets,
        CallTarget.Constrained { Method: { } method } c => _program.Resolve(method, c.ReceiverType, null, c.ReceiverType).Targets,
        CallTarget.Invoke => receiver.Refs.Where(static r => r.Kind == RefKind.Delegate).Select(static r => r.Name).ToImmutableArray(),
        _ => ImmutableArray<string>.Empty,
    };

    /// <summary>The implementations that can be seen here, and those that the summary of the declaring assembly knows.</summary>
    public Dispatch WithExternal(Dispatch dispatch, string method) =>
        dispatch.Open && _program.External(method) is { Implementations: { IsEmpty: false } more }
            ? new Dispatch(dispatch.Targets.Union(more).ToImmutableArray(), dispatch.Open)
            : dispatch;

    public Dispatch ResolveVirtual(CallTarget.Virtual v, RefSet receiver) => WithExternal(ResolveHere(v, receiver), v.Method);

    Dispatch ResolveHere(CallTarget.Virtual v, RefSet receiver)
    {
        var known = receiver.Refs.Where(static r => !r.IsOrigin).ToList();
        if (known.Count == 0 || !known.All(static r => r.IsExact))
            return _program.Resolve(v.Method, v.ReceiverType, null, v.DeclaredIn);
        var all = known.Select(r => _program.Resolve(v.Method, v.ReceiverType, r.Name, v.DeclaredIn)).ToList();
        return new Dispatch(all.SelectMany(static d => d.Targets).Distinct().ToImmutableArray(), all.Any(static d => d.Open));
    }

    bool IFlowContext.IsUnseen(CallTarget.Virtual call) => _program.Resolve(call.Method, call.ReceiverType, null, call.DeclaredIn).Targets.IsEmpty;

    ImmutableArray<string> IFlowContext.LockTargets(CallOp call, RefSet receiver)
    {
        var targets = Followed(call.Target, receiver);
        return call.Enumerates ? targets.RemoveAll(t => !IsIterator(t)) : targets;
    }

    /// <summary>None, if there are so many that the call is not followed.</summary>
    ImmutableArray<string> Followed(CallTarget target, RefSet receiver) =>
        Targets(target, receiver) is { Length: var count } targets && count <= MaxTargets ? targets : ImmutableArray<string>.Empty;

    /// <summary>Enumerating what it returns runs its body; false if nobody knows it.</summary>
    public bool IsIterator(string method) => (Find(method) ?? External(method)?.Body)?.Facts.IsIterator ?? false;

    IReadOnlyList<Signature> IFlowContext.SignaturesOf(CallOp call, RefSet receiver, string caller)
    {
        var targets = Targets(call.Target, receiver);
        if (targets.Length > MaxTargets)
            return Array.Empty<Signature>();
        if (targets.Length > FewTargets && call.Target is CallTarget.Virtual v)
            return FamilyOf(v, targets).SignaturesFor(caller, this);
        foreach (string target in targets)
            Depend(_callers, target, caller);
        return Signatures(targets);
    }

    List<Signature> Signatures(ImmutableArray<string> targets)
    {
        var result = new List<Signature>();
        bool any = false;
        foreach (string target in targets)
        {
            if (SignatureOf(target) is { ChangesLocks: true } s)
                result.Add(s);
            else
                any = true;
        }
        if (any && result.Count == 0)
            return s_nothing;
        if (any)
            result.Insert(0, Signature.Empty);
        return result;
    }

    /// <summary>Nearly every call's answer.</summary>
    static readonly List<Signature> s_nothing = new() { Signature.Empty };

    /// <summary>So many implementations are asked one by one; of more, all calls of the member share one answer.</summary>
    const int FewTargets = 16;

    readonly Dictionary<(string, string, string), List<Family>> _families = new();
    readonly Dictionary<string, List<Family>> _familiesOf = new(StringComparer.Ordinal);
    int _lockChanges;

    Family FamilyOf(CallTarget.Virtual v, ImmutableArray<string> targets)
    {
        var key = (v.Method, v.ReceiverType, v.DeclaredIn);
        if (!_families.TryGetValue(key, out var list))
            _families.Add(key, list = new List<Family>());
        foreach (var family in list)
        {
            if (family.Targets == targets || family.Targets.SequenceEqual(targets))
                return family;
        }
        var made = new Family(targets);
        list.Add(made);
        foreach (string target in targets)
        {
            if (!_familiesOf.TryGetValue(target, out var of))
                _familiesOf.Add(target, of = new List<Family>());
            of.Add(made);
        }
        return made;
    }

    /// <summary>The many implementations of one virtual member.</summary>
    sealed class Family(ImmutableArray<string> targets)
    {
        List<Signature>? _signatures;
        int _at;

        public ImmutableArray<string> Targets => targets;

        public HashSet<string> Callers { get; } = new(StringComparer.Ordinal);

        public IReadOnlyList<Signature> SignaturesFor(string caller, BodyStore bodies)
        {
            Callers.Add(caller);
            if (_signatures is null || _at != bodies._lockChanges)
                (_signatures, _at) = (bodies.Signatures(targets), bodies._lockChanges);
            return _signatures;
        }
    }

    Signature? SignatureOf(string method) =>
        _signatures.TryGetValue(method, out var s) ? s : _solved.ContainsKey(method) ? null : External(method)?.Member.Signature;

    RefSet IFlowContext.ReturnsOf(string method, int parameter, string caller) =>
        ReturnsOf(method, parameter, caller, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>What a callee gives back may be what it was given by another.</summary>
    RefSet ReturnsOf(string method, int parameter, string caller, HashSet<string> seen)
    {
        Depend(_readers, method, caller);
        Add(method);
        if (!seen.Add(method) || SignatureOf(method) is not { } s)
            return RefSet.Empty;
        var returns = parameter < 0 ? s.Returns : s.OutValues.Where(o => o.Parameter == parameter).Select(static o => o.Value).FirstOrDefault();
        if (returns.Refs.All(static r => r.Kind != RefKind.CallResult) || Find(method) is not { } body)
            return returns;
        var result = RefSet.Empty;
        foreach (var r in returns.Refs)
        {
            var behind = RefSet.Empty;
            if (r.Kind == RefKind.CallResult && body.Events.FirstOrDefault(e => e.Site == r.CallSite) is { Op: CallOp call } e)
            {
                var substitution = new Substitution(e.Receiver, e.Arguments, Substitution.Opaque);
                foreach (string target in Followed(call.Target, e.Receiver))
                    behind = behind.Union(substitution.Apply(ReturnsOf(target, r.CallParameter, caller, seen)));
            }
            result = result.Union(behind.IsEmpty ? RefSet.Of(r) : behind);
        }
        return result;
    }

    bool IFlowContext.SameClass(Ref a, Ref b) => ClassKey(a) is { } key && key == ClassKey(b);

    static string? ClassKey(Ref r) => r.Kind switch
    {
        RefKind.Field => r.Info!.Class,
        RefKind.Element => ClassKey(r.Base!),
        RefKind.TypeOf => r.Name,
        RefKind.Opaque when r.Name.Length > 0 => r.Name,
        _ => null,
    };

    static void Depend(Dictionary<string, HashSet<string>> dependents, string method, string caller)
    {
        if (!dependents.TryGetValue(method, out var set))
            dependents.Add(method, set = new HashSet<string>(StringComparer.Ordinal));
        set.Add(caller);
    }
}
