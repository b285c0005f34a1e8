using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Memo;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Summaries;

/// <summary>
/// Computes what bodies reach, from a worklist until nothing changes: callees that are met for the first time come first, so that
/// a chain costs two visits a body however long it is; a cycle goes round until its shortest chains are found. No recursion.
/// </summary>
public sealed partial class Summarizer
{
    /// <summary>
    /// A body that still changes after so many visits, and some for each event, is in a ring in which variants of what it reaches come
    /// and go. From then on nothing goes, and variants are one.
    /// </summary>
    const int VisitsBeforeWidening = 16;

    readonly BodyStore _bodies;
    readonly LockNamer _namer;
    readonly IProgram _program;
    readonly EngineOptions _options;
    readonly CancellationToken _cancel;
    readonly ReachReader _reader;
    readonly SummaryState _known;
    readonly Dictionary<string, SolvedBody> _solved = new(StringComparer.Ordinal);
    readonly Stack<string> _fresh = new();
    readonly HashSet<string> _queued = new(StringComparer.Ordinal);
    bool _readMore;

    internal Summarizer(
        BodyStore bodies, LockNamer namer, IProgram program, EngineOptions options, SummaryMemo memo, CancellationToken cancel)
    {
        _known = new SummaryState();
        _memo = memo;
        _bodies = bodies;
        _namer = namer;
        _program = program;
        _options = options;
        _cancel = cancel;
        _reader = new ReachReader(this, bodies, namer, program, options);
    }

    public ReachReader Reader => _reader;

    /// <summary>Every event of these bodies counts; of the others, those under a lock.</summary>
    public bool IsFull(string id) => _known.Full.ContainsKey(id);

    /// <summary>No body was solved again since it was summarized: what is known stays true. What was known of another one could hold itself up.</summary>
    public bool IsCurrent => _solved.All(p => ReferenceEquals(_bodies.Find(p.Key), p.Value));

    /// <summary>
    /// Something was asked for after the run: what callers pass may lead to bodies that nothing else leads to. Whoever makes a summary file
    /// begins again each time, and leaves it at that.
    /// </summary>
    public bool IsIncomplete => _fresh.Count > 0 && !_options.KeepCalls;

    /// <summary>
    /// False if more bodies had to be read: then, once they are solved, it is to be called again, and goes on from what is known. It asks
    /// for everything again, of which most has not changed.
    /// </summary>
    public bool Run()
    {
        (_readMore, _newBodies, _callees) = (false, false, null);
        _known.Callers.Clear();
        _known.OnlyRead.Clear();
        foreach (var body in _bodies.All)
        {
            if (_program.Contract(body.Facts.Id) is { Critical: true } or { RunsInReclaim: true } or { RunsAtomic: true })
                _known.Full.TryAdd(body.Facts.Id, true);
        }
        foreach (string wanted in _options.VisibleMembers.Concat(_options.Vouched))
            _known.Full.TryAdd(wanted, true);
        for (int i = _bodies.All.Count - 1; i >= 0; i--)
            Push(_bodies.All[i].Facts.Id);
        if (_bodies.Count > 0)
            JoinExternal();
        _discovering = _options.KeepCalls;
        Visit();
        return !_readMore && !_newBodies;
    }

    /// <summary>Until nothing is left to be visited.</summary>
    void Visit()
    {
        while (!_isLost)
        {
            _cancel.ThrowIfCancellationRequested();
            if (_fresh.Count == 0 && _discovering)
            {
                if (_readMore || _newBodies)
                    return;
                Order();
            }
            if ((_fresh.Count > 0 ? _fresh.Pop() : NextAgain()) is not { } id)
                break;
            _queued.Remove(id);
            Visit(id);
        }
    }

    /// <summary>Edges made in other assemblies are read only if there is something here that they could matter to.</summary>
    void JoinExternal()
    {
        foreach (var body in _program.ExternalBodies)
        {
            var stub = ExternalStub.Of(EdgesOf + body.Id, body.Display);
            _external[stub.Facts.Id] = (body, stub);
            foreach (string via in body.Via)
                DependOn(body.Id, via);
            if (body.Edges.Any(static e => e.Reach.Sink is Sink.Call))
                Push(stub.Facts.Id);
        }
    }

    const string EdgesOf = "edges of ";

    readonly Dictionary<string, (ExternalBody Body, SolvedBody Stub)> _external = new(StringComparer.Ordinal);

    /// <summary>Bodies of other assemblies that make edges, in the order of their ids.</summary>
    public IEnumerable<(ExternalBody Body, SolvedBody Stub)> ExternalBodies =>
        _external.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => p.Value);

    void Push(string id)
    {
        if (_queued.Add(id))
            _fresh.Push(id);
    }

    void Visit(string id)
    {
        if (_external.TryGetValue(id, out var external))
        {
            // Asking for what the edges' calls reach is all: there is nobody who calls this.
            foreach (var edge in external.Body.Edges)
                _ = _reader.Resolve(external.Stub, edge.Reach).Count();
            return;
        }
        var stub = _bodies.Find(id) is null ? _bodies.External(id) : null;
        if ((stub?.Body ?? _bodies.Find(id)) is not { } body)
            return;
        if (stub is null)
            _solved[id] = body;
        _visited.Add(id);
        if (IsUpdate && (_isLost |= stub is not null || _known.Rings.Contains(id)))
            return;
        bool isFull = stub is not null || IsFull(id);
        var summary = stub is null ? Known(body) : _options.KeepCalls ? _reader.Resolve(stub) : _memo.Keep(id, _reader.Resolve(stub));
        bool known = _known.Summaries.TryGetValue(id, out var old) && old.IsFull == isFull;
        if (_options.KeepCalls)
        {
            if (Bounded(id, summary) is not { } bounded)
                return;
            summary = bounded;
        }
        else
        {
            int visits = _visits[id] = _visits.TryGetValue(id, out int before) ? before + 1 : 1;
            if (known && visits > VisitsBeforeWidening + 4 * body.Events.Length)
            {
                summary = _memo.Keep("all of " + id, Summary.Join(old.Summary, summary));
                // In an update the set is that of the run before.
                if (_isLost |= IsUpdate)
                    return;
                _known.Rings.Add(id);
            }
        }
        if (known && (IsUpdate ? old.Summary.IsExactly(summary) : old.Summary.SameAs(summary)))
            return;
        _known.Summaries[id] = (summary, isFull);
        // Who calls this body decides what its edges are.
        if (summary.LeavesOpen || NeedsCallers(body, summary))
        {
            _bodies.LeftOpen.Add(id);
            _readMore |= _bodies.AddMentioning(body.Facts.CallName);
        }
        foreach (string caller in _known.Callers.Of(id))
            Again(caller);
    }

    /// <summary>A critical body that nobody outside can call has its delegates from the callers that can be seen.</summary>
    bool NeedsCallers(SolvedBody body, Summary summary) =>
        !body.Facts.IsVisibleOutside && _program.Contract(body.Facts.Id).Critical && summary.Reaches.Any(static r => r.Sink.IsSymbolic);

    Summary Summarize(SolvedBody body)
    {
        string id = body.Facts.Id;
        bool full = IsFull(id);
        var reaches = new ReachSet();
        var pendings = new List<Pending>();
        var excess = ExcessOf(id);
        bool closes = IsClosed(id);
        foreach (var e in body.Events)
        {
            bool live = full || e.UnderLock || e.InRegion;
            if (e.Op is CriticalConversionOp or ContextConversionOp)
                _ = _reader.Converted(body, e).Count();
            pendings.AddRange(_reader.Pendings(body, e).Select(p => p with { IsOpen = IsOpen(p.Lock, p.Reach.Sink, body) }));
            if (!live)
            {
                if (closes)
                    Close(pendings, body, e, reaches);
                continue;
            }
            var cover = Cover(body, e, ImmutableArray<int>.Empty);
            foreach (var r in _reader.Reaches(body, e))
            {
                AddPendings(body, e, r, pendings);
                if (full)
                {
                    var under = r.Spent.IsEmpty ? cover : Cover(body, e, r.Spent);
                    reaches.Add(_options.KeepCalls ? Joined(Outward(r, e, under), excess) : Outward(r, e, under));
                }
            }
            if (closes)
                Close(pendings, body, e, reaches);
        }
        return new Summary(_options.KeepCalls ? reaches.ToImmutable() : ByClass(reaches.ToImmutable()), Distinct(JoinObjects(pendings, body)));
    }

    /// <summary>
    /// A member that takes the locks of one field in more than one object takes them in any: whichever the caller holds, another is among
    /// them. Else every way round a ring of calls would reach the same locks by another path from the receiver.
    /// </summary>
    static ImmutableArray<Reach> ByClass(ImmutableArray<Reach> reaches)
    {
        if (reaches.Length <= 1)
            return reaches;
        var objects = new Dictionary<string, HashSet<Ref>>(StringComparer.Ordinal);
        foreach (var r in reaches)
        {
            if (r.Sink is not Sink.Acquire { Lock: { Kind: RefKind.Field, Base: not null } l })
                continue;
            if (!objects.TryGetValue(l.Name, out var set))
                objects.Add(l.Name, set = new HashSet<Ref>());
            set.Add(l);
        }
        if (objects.Values.All(static o => o.Count == 1))
            return reaches;
        var joined = new ReachSet();
        foreach (var r in reaches)
        {
            joined.Add(r.Sink is Sink.Acquire { Lock: { Kind: RefKind.Field, Base: not null } l } taken && objects[l.Name].Count > 1
                ? r with { Sink = new Sink.Acquire(ByClass(l), taken.Mode) }
                : r);
        }
        return joined.ToImmutable();
    }

    /// <summary>Under what is held for sure, callers that hold the same need not be told.</summary>
    List<string> Cover(SolvedBody body, BodyEvent e, ImmutableArray<int> spent) =>
        e.Held.Where(h => !h.Uncertain && !spent.Contains(h.Site)).SelectMany(h => _namer.Names(h, body)).Distinct().ToList();

    /// <summary>What a reach looks like to the callers of the body.</summary>
    static Reach Outward(Reach r, BodyEvent e, List<string> cover)
    {
        if (cover.Count == 0 && e.Released.IsEmpty)
            return r.Spent.IsEmpty ? r : r with { Spent = ImmutableArray<int>.Empty };
        return r with
        {
            Spent = ImmutableArray<int>.Empty,
            Cover = cover.Count == 0 ? r.Cover : r.Cover.Union(cover).OrderBy(static c => c, StringComparer.Ordinal).ToImmutableArray(),
            Except = e.Released.IsEmpty ? r.Except : r.Except.Union(e.Released).OrderBy(static x => x).ToImmutableArray(),
        };
    }

    /// <summary>Says who is called, and what flows to the parameters of critical bodies.</summary>
    Calls CallsOf(SolvedBody body)
    {
        var called = ImmutableArray.CreateBuilder<string>();
        var bindings = ImmutableArray.CreateBuilder<(string, int, RefSet)>();
        foreach (var e in body.Events)
        {
            if (e.Op is not CallOp call)
                continue;
            var targets = _bodies.Targets(call.Target, e.Receiver);
            if (_options.IsTooMany(targets))
                DependOnAll(call.Target, targets, body.Facts.Id);
            foreach (string target in targets)
            {
                called.Add(target);
                if (!_program.Contract(target).Critical)
                    continue;
                for (int i = 0; i < e.Arguments.Length; i++)
                {
                    var value = RefSet.Of(e.Arguments[i].Refs.Select(static r => r.IsSymbolic || r.Kind == RefKind.Fresh ? Ref.Unknown : r));
                    if (!value.IsEmpty)
                        bindings.Add((target, i, value));
                }
            }
        }
        return new Calls(called.Distinct().ToImmutableArray(), bindings.ToImmutable());
    }

    void Bind(Calls calls)
    {
        foreach (string callee in calls.Called)
            Count(callee, 1);
        foreach (var (method, parameter, value) in calls.Bindings)
        {
            bool known = _known.Bindings.TryGetValue((method, parameter), out var old);
            var all = known ? old.Union(value) : value;
            _isLost |= IsUpdate && !(known && all.Equals(old));
            _known.Bindings[(method, parameter)] = all;
        }
    }

    /// <summary>What visible callers pass to a parameter of a critical body; empty if nobody is seen to.</summary>
    public RefSet Binding(string method, int parameter) =>
        _known.Bindings.TryGetValue((method, parameter), out var set) ? set : RefSet.Empty;

    /// <summary>Has a body read for what it assigns to a field: whoever reads the field does not call it.</summary>
    internal void DemandWriter(string writer, string reader)
    {
        // The answer is of no interest, only that it is asked.
        Note(SummaryQuestionKind.DemandWriter, writer, (object?)null);
        if (!_known.Callers.Contains(writer, reader))
            _known.OnlyRead[(writer, reader)] = true;
        Demanded(writer, reader, calls: false);
    }

    /// <summary>The summary of a callee as far as it is known; asking makes it be computed.</summary>
    internal Summary Demand(string callee, string caller) => Note(SummaryQuestionKind.Demand, callee, Demanded(callee, caller));

    Summary Demanded(string callee, string caller, bool calls = true)
    {
        DependOn(callee, caller, calls);
        if (_known.Full.TryAdd(callee, true))
        {
            // One that is only mentioned so far waits to be solved: it is no unknown body, and in a ring that would never be forgotten.
            if (!_bodies.IsKnown(callee) && (_bodies.Add(callee) || _bodies.IsWaiting(callee)))
            {
                // Its signature must be known before its callers are trusted: bodies that change locks are read by name already.
                _bodies.Solve();
                _newBodies = true;
            }
            Push(callee);
            Again(caller);
        }
        return _known.Summaries.TryGetValue(callee, out var s) && s.IsFull ? s.Summary : Summary.Empty;
    }

    Dictionary<string, List<string>>? _callees;
    bool _newBodies;

    /// <summary>The bodies that a body calls, directly or not, itself included.</summary>
    public HashSet<string> ReachableFrom(string id) => ReachableFrom(new[] { id });

    Dictionary<string, List<string>> Callees(bool withReads)
    {
        var callees = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var pair in _known.Callers.Pairs)
        {
            foreach (string caller in pair.Value)
            {
                if (!withReads && IsOnlyRead(pair.Key, caller))
                    continue;
                if (!callees.TryGetValue(caller, out var list))
                    callees.Add(caller, list = new List<string>());
                list.Add(pair.Key);
            }
        }
        return callees;
    }

    /// <summary>The bodies that these call, directly or not, themselves included.</summary>
    public HashSet<string> ReachableFrom(IEnumerable<string> ids)
    {
        _callees ??= Callees(withReads: false);
        var seen = new HashSet<string>(ids, StringComparer.Ordinal);
        var work = new Stack<string>(seen);
        while (work.Count > 0)
        {
            if (!_callees.TryGetValue(work.Pop(), out var next))
                continue;
            foreach (string callee in next)
            {
                if (seen.Add(callee))
                    work.Push(callee);
            }
        }
        return seen;
    }

    /// <summary>Nobody who can be seen calls it.</summary>
    public bool HasNoCallers(string id) => !(_known.Called.TryGetValue(id, out int callers) && callers > 0);

    internal Summary Peek(string callee, string caller) => Note(SummaryQuestionKind.Peek, callee, Peeked(callee, caller));

    Summary Peeked(string callee, string caller)
    {
        DependOn(callee, caller);
        if (_known.Summaries.TryGetValue(callee, out var s))
            return s.Summary;
        // Only what it takes of its callers' locks is asked for.
        if (_bodies.Find(callee) is null && _bodies.External(callee) is { Member.Summary.LeavesOpen: true })
            Push(callee);
        return Summary.Empty;
    }

    /// <summary>The summary of a body that was asked for.</summary>
    public Summary Of(string id) => _known.Summaries.TryGetValue(id, out var s) ? s.Summary : Summary.Empty;

    /// <summary>The bodies that call a body, directly or not, itself included.</summary>
    public HashSet<string> Reaching(string id)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { id };
        var work = new Stack<string>();
        work.Push(id);
        while (work.Count > 0)
        {
            foreach (string caller in _known.Callers.Of(work.Pop()))
            {
                if (seen.Add(caller))
                    work.Push(caller);
            }
        }
        return seen;
    }

    internal void DependOn(string callee, string caller, bool calls = true)
    {
        if (calls && IsOnlyRead(callee, caller))
            _known.OnlyRead[(callee, caller)] = false;
        _known.Callers.Add(callee, caller);
    }

    bool IsOnlyRead(string callee, string caller) => _known.OnlyRead.TryGetValue((callee, caller), out bool only) && only;
}
