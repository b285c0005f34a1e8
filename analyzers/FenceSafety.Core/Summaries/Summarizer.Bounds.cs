using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>
/// What makes a run over a whole library end: bodies are visited callees first, by strongly connected components of the call graph, and
/// a component in which one member's summary grows too large is given up as a whole: it is begun again from nothing, and what was too
/// much is unknown. As that is decided before anybody above reads the component, no fact is taken back that somebody has used, and the
/// result does not depend on the order of visits. Only for summaries that are written; in the analysis of source nothing is bounded.
/// </summary>
public sealed partial class Summarizer
{
    /// <summary>A member may keep this many calls of other assemblies, and as many of members of type parameters.</summary>
    internal const int MaxOpen = 64;

    /// <summary>A member may take this many locks by the objects of its caller that they are in.</summary>
    internal const int MaxLocks = 16;

    /// <summary>A member may leave this many edges open for its callers.</summary>
    internal const int MaxPendings = 64;

    /// <summary>A component that does not come to rest is given up after this many visits of one body; after twice that, the body is unknown as it is.</summary>
    const int MaxVisits = 256;

    static readonly Sink s_unknownCall = new Sink.Effect(EffectKind.Unknown, "call");

    /// <summary>What there is too much of.</summary>
    [Flags]
    enum Excess
    {
        None,

        /// <summary>Calls that would stay calls, and members of type parameters: they are one unknown call.</summary>
        Calls = 1,

        /// <summary>Locks, by the objects that they are in: they are known by their classes.</summary>
        Locks = 2,

        /// <summary>Edges left open for callers: the body closes them itself, and is an unknown call to them.</summary>
        Edges = 4,
        All = Calls | Locks | Edges,
    }

    readonly Queue<string> _again = new();
    readonly SortedDictionary<int, Queue<string>> _againByComponent = new();
    readonly Dictionary<string, int> _component = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _visits = new(StringComparer.Ordinal);
    readonly Dictionary<string, Excess> _excess = new(StringComparer.Ordinal);
    List<List<string>> _components = new();
    bool _discovering;

    /// <summary>Visits of bodies: what a run costs.</summary>
    public int Visits { get; private set; }

    /// <summary>Of the edges that a body leaves open its callers are told nothing: it closes them itself.</summary>
    public bool IsClosed(string id) => (ExcessOf(id) & Excess.Edges) != 0;

    /// <summary>It reaches so much that part of it is one unknown call.</summary>
    public bool IsBounded(string id) => ExcessOf(id) != Excess.None;

    Excess ExcessOf(string id) => _excess.TryGetValue(id, out var excess) ? excess : Excess.None;

    void Again(string id)
    {
        if (!_queued.Add(id))
            return;
        if (!_component.TryGetValue(id, out int component))
        {
            _again.Enqueue(id);
            return;
        }
        if (!_againByComponent.TryGetValue(component, out var queue))
            _againByComponent.Add(component, queue = new Queue<string>());
        queue.Enqueue(id);
    }

    /// <summary>The next body to be visited again, of the lowest component; null if there is none.</summary>
    string? NextAgain()
    {
        if (_again.Count > 0)
            return _again.Dequeue();
        if (_againByComponent.Count == 0)
            return null;
        var first = _againByComponent.First();
        string id = first.Value.Dequeue();
        if (first.Value.Count == 0)
            _againByComponent.Remove(first.Key);
        return id;
    }

    /// <summary>The summary as it is kept; null if the body is visited again, or has been too often.</summary>
    Summary? Bounded(string id, Summary summary)
    {
        if (_discovering)
            return null;
        Visits++;
        _visits[id] = _visits.TryGetValue(id, out int visits) ? ++visits : visits = 1;
        var excess = (visits > MaxVisits ? Excess.All : ExcessIn(summary)) & ~ExcessOf(id);
        if (excess != Excess.None)
        {
            GiveUp(id, excess);
            return null;
        }
        if (visits < 2 * MaxVisits)
            return summary;
        return visits > 2 * MaxVisits ? null : new Summary(
            summary.Reaches.Add(new Reach(s_unknownCall, ImmutableArray<string>.Empty, ImmutableArray<Ref>.Empty, false, Itself(id))), summary.Pendings);
    }

    Chain Itself(string id) => new(SourceSpan.None, _program.Contract(id).Display, null);

    void GiveUp(string id, Excess excess)
    {
        var members = _component.TryGetValue(id, out int c) ? _components[c] : new List<string> { id };
        foreach (string member in members)
        {
            _excess[member] = ExcessOf(member) | excess;
            _known.Summaries.Remove(member);
        }
        foreach (string member in members)
            Again(member);
    }

    /// <summary>What edges that are closed here are to callers: something that they do not know.</summary>
    void Close(List<Pending> pendings, SolvedBody body, BodyEvent e, ReachSet reaches)
    {
        if (IsFull(body.Facts.Id) && pendings.Find(static p => p.IsOpen) is { } p)
        {
            var chain = p.Body == body.Facts.Id ? p.Reach.Chain : new Chain(e.Span, _program.Contract(p.Body).Display, null);
            reaches.Add(new Reach(s_unknownCall, ImmutableArray<string>.Empty, ImmutableArray<Ref>.Empty, false, chain));
        }
        pendings.RemoveAll(static p => p.IsOpen);
    }

    static Excess ExcessIn(Summary summary)
    {
        var edges = summary.Pendings.Count(static p => p.IsOpen) > MaxPendings ? Excess.Edges : Excess.None;
        if (summary.Reaches.Length <= Math.Min(MaxOpen, MaxLocks))
            return edges;
        int calls = 0, constrained = 0, locks = 0;
        foreach (var r in summary.Reaches)
        {
            switch (r.Sink)
            {
                case Sink.Call:
                    calls++;
                    break;
                case Sink.Constrained:
                    constrained++;
                    break;
                case Sink.Acquire { Lock.IsSymbolic: true }:
                    locks++;
                    break;
            }
        }
        return edges | (calls > MaxOpen || constrained > MaxOpen ? Excess.Calls : Excess.None) | (locks > MaxLocks ? Excess.Locks : Excess.None);
    }

    /// <summary>A reach as callers are told of it. Of a body that is given up, variants by the locks on the way are one: it may be reported at more places than its own.</summary>
    static Reach Joined(Reach r, Excess excess)
    {
        // An object that is no parameter is another one each time: only the class of its lock says something.
        if (r.Sink is Sink.Acquire { Lock: { Kind: RefKind.Field, Base: not null, IsSymbolic: false, IsStable: false } @lock } taken)
            r = r with { Sink = new Sink.Acquire(ByClass(@lock), taken.Mode) };
        if ((excess & (Excess.Calls | Excess.Locks)) != 0)
            r = r with { Cover = ImmutableArray<string>.Empty };
        if ((excess & Excess.Calls) != 0 && r.Sink is Sink.Call or Sink.Constrained)
            return r with { Sink = s_unknownCall };
        if ((excess & Excess.Locks) != 0 && r.Sink is Sink.Acquire { Lock: { Kind: RefKind.Field, Base: not null } l } acquire)
            return r with { Sink = new Sink.Acquire(ByClass(l), acquire.Mode), Except = ImmutableArray<Ref>.Empty };
        return r;
    }

    static Ref ByClass(Ref @lock) => Ref.Field(Ref.Unknown, @lock.Name, @lock.Info!);

    readonly HashSet<string> _families = new(StringComparer.Ordinal);

    /// <summary>A call of so many implementations is unknown, but who reaches whom is still told.</summary>
    void DependOnAll(CallTarget target, ImmutableArray<string> targets, string caller)
    {
        string all = "all of " + target;
        if (_families.Add(all))
        {
            foreach (string t in targets)
                DependOn(t, all);
        }
        DependOn(all, caller);
    }

    /// <summary>The components of the call graph, callees first (Tarjan, Depth-first search and linear graph algorithms, 1972), and then all to be visited.</summary>
    void Order()
    {
        _discovering = false;
        var callees = Callees(withReads: true);
        _components = StrongComponents.Of(_bodies.All.Select(static b => b.Facts.Id), id => callees.TryGetValue(id, out var list) ? list : (IReadOnlyList<string>)Array.Empty<string>());
        for (int c = 0; c < _components.Count; c++)
        {
            foreach (string id in _components[c])
                _component[id] = c;
        }
        _again.Clear();
        _queued.Clear();
        foreach (string id in _components.SelectMany(static c => c))
            Again(id);
    }
}
