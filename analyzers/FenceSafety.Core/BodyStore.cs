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
public sealed partial class BodyStore : IFlowContext
{
    readonly IProgram _program;
    readonly CancellationToken _cancel;
    readonly FlowMemo _flows;
    readonly BodyState _known;
    readonly SortedSet<string> _work = new(StringComparer.Ordinal);
    readonly Dictionary<string, ExternalStub?> _external = new(StringComparer.Ordinal);

    SolvedBody[]? _all;

    /// <param name="program">The program.</param>
    /// <param name="before">What is known of an earlier run.</param>
    /// <param name="now">Takes what this run finds out.</param>
    /// <param name="cancel">Ends the run.</param>
    public BodyStore(IProgram program, EngineMemo? before, EngineMemo now, CancellationToken cancel)
    {
        _known = new BodyState();
        _program = program;
        _cancel = cancel;
        _flows = new FlowMemo(before, now, this);
    }

    /// <summary>For a run of which nothing is kept.</summary>
    public BodyStore(IProgram program, CancellationToken cancel)
    {
        _known = new BodyState();
        _program = program;
        _cancel = cancel;
        _flows = new FlowMemo(null, null, this);
    }

    /// <summary>A call that may reach more members than this says nothing of locks: somebody else says that it is unknown.</summary>
    public int MaxTargets { get; init; } = int.MaxValue;

    public int Count => _known.Solved.Count;

    /// <summary>How often a body's flow was solved.</summary>
    public int Solved => _flows.Solved;

    /// <summary>How many bodies were solved: once or more.</summary>
    public int SolvedBodies => _flows.Bodies.Count;

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<SolvedBody> All => _all ??= _known.Solved.Pairs.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => p.Value).ToArray();

    public SolvedBody? Find(string id) => _known.Solved.TryGetValue(id, out var body) ? body : null;

    /// <summary>A member of another assembly that a summary speaks of, as a body without ops; null if there is none.</summary>
    public ExternalStub? External(string id)
    {
        if (_external.TryGetValue(id, out var stub))
            return stub;
        return _external[id] = _known.Solved.ContainsKey(id) || _program.External(id) is not { HasBody: true } member ? null : new ExternalStub(member);
    }

    public bool IsKnown(string id) => _known.Solved.ContainsKey(id) || _known.Without.ContainsKey(id);

    /// <summary>It is read and not solved yet.</summary>
    public bool IsWaiting(string id) => _work.Contains(id);

    /// <summary>Reads a body, and those nested in it, unless that was done.</summary>
    public bool Add(string id)
    {
        if (_known.Solved.ContainsKey(id) || _known.Without.ContainsKey(id) || _work.Contains(id))
            return false;
        var facts = _program.Facts(id);
        if (facts is null)
        {
            _known.Without[id] = true;
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
        if (name.Length == 0 || !_known.Names.TryAdd(name, true))
            return false;
        bool any = false;
        foreach (string id in _program.BodiesMentioning(name))
            any |= Add(id);
        return any;
    }

    /// <summary>Solves what is read, and then reads who mentions a body that changes locks, until nobody is left.</summary>
    public void Solve()
    {
        do
        {
            while (_work.Count > 0)
            {
                _cancel.ThrowIfCancellationRequested();
                string id = _work.Min!;
                _work.Remove(id);
                Solve(id);
            }
            // Not before all are at rest: until its callees are solved, whoever takes a lock and has it given back seems to change locks.
            foreach (string id in _changing.Where(i => _known.Signatures[i].ChangesLocks).ToList())
            {
                _changing.Remove(id);
                _mentioned.Add(id);
                AddMentioning(Find(id)!.Facts.CallName);
            }
        }
        while (_work.Count > 0);
        _changing.Clear();
    }

    readonly SortedSet<string> _changing = new(StringComparer.Ordinal);

    /// <summary>Bodies whose callers were read because they change locks.</summary>
    readonly HashSet<string> _mentioned = new(StringComparer.Ordinal);

    /// <summary>Bodies whose callers were read for edges that they leave open.</summary>
    internal HashSet<string> LeftOpen { get; } = new(StringComparer.Ordinal);

    /// <summary>Bodies were read for a reason that turned out to be none: what they are depends on the order of solving.</summary>
    internal bool HasStrays => _mentioned.Any(id => !_known.Signatures[id].ChangesLocks);

    void Solve(string id)
    {
        var solved = _flows.Solve(_program.Facts(id)!, _cancel);
        _known.Solved[id] = solved;
        _touched?.Add(id);
        _all = null;
        FollowInjectedLocks(solved);
        var old = _known.Signatures.TryGetValue(id, out var s) ? s : Signature.Empty;
        if (solved.Signature.SameAs(old))
            return;
        _known.Signatures[id] = solved.Signature;
        if (solved.Signature.ChangesLocks)
            _changing.Add(id);
        // Most bodies that call it care for its locks alone.
        if (!solved.Signature.SameLocks(old))
        {
            _lockChanges++;
            SolveAgain(_known.Callers, id);
            if (_familiesOf.TryGetValue(id, out var families))
                _work.UnionWith(families.SelectMany(static f => f.Callers).Where(MaySolveAgain));
        }
        if (!solved.Signature.SameValues(old))
            SolveAgain(_known.Readers, id);
    }

    void SolveAgain(Dependents dependents, string id) => _work.UnionWith(dependents.Of(id).Where(MaySolveAgain));

    bool MaySolveAgain(string id) => _touched?.Contains(id) ?? _known.Solved.ContainsKey(id);

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
                    _known.Injecting.TryAdd(writer, true);
                }
            }
        }
        // Who hands its own parameter on to such a constructor is as good as one.
        foreach (var e in body.Events)
        {
            if (e.Op is not CallOp { Target: CallTarget.Exact { Method: var method } } || !_known.Injecting.ContainsKey(method)
                || !e.Arguments.Any(static a => a.Refs.Any(static r => r.Kind == RefKind.Parameter && r.Index >= 0)) || !_known.Injecting.TryAdd(body.Facts.Id, true))
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
            _known.Callers.Add(target, caller);
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
            _known.InFamilies.TryAdd(target, true);
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
        _known.Signatures.TryGetValue(method, out var s) ? s : _known.Solved.ContainsKey(method) ? null : External(method)?.Member.Signature;

    RefSet IFlowContext.ReturnsOf(string method, int parameter, string caller) =>
        ReturnsOf(method, parameter, caller, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>What a callee gives back may be what it was given by another.</summary>
    RefSet ReturnsOf(string method, int parameter, string caller, HashSet<string> seen)
    {
        _known.Readers.Add(method, caller);
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
}
