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
    /// <summary>A member may keep this many calls of other assemblies, as many of members of type parameters, and of locks by object.</summary>
    internal const int MaxOpen = 64;

    /// <summary>A member may leave this many edges open for its callers.</summary>
    internal const int MaxPendings = 64;

    /// <summary>A component that does not come to rest is given up after this many visits of one body, and left as it is after twice that.</summary>
    const int MaxVisits = 256;

    static readonly Sink s_unknownCall = new Sink.Effect(EffectKind.Unknown, "call");

    readonly SortedDictionary<int, Queue<string>> _again = new();
    readonly Dictionary<string, int> _component = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _visits = new(StringComparer.Ordinal);
    readonly HashSet<string> _unknownCalls = new(StringComparer.Ordinal);
    readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    List<List<string>> _components = new();
    bool _discovering;

    /// <summary>Visits of bodies: what a run costs.</summary>
    public int Visits { get; private set; }

    /// <summary>Of the edges that a body leaves open its callers are told nothing: it closes them itself.</summary>
    public bool IsClosed(string id) => _closed.Contains(id);

    /// <summary>It reaches so much that part of it is one unknown call.</summary>
    public bool IsBounded(string id) => _unknownCalls.Contains(id) || _closed.Contains(id);

    void Again(string id)
    {
        if (!_queued.Add(id))
            return;
        int component = _component.TryGetValue(id, out int c) ? c : -1;
        if (!_again.TryGetValue(component, out var queue))
            _again.Add(component, queue = new Queue<string>());
        queue.Enqueue(id);
    }

    string NextAgain()
    {
        var first = _again.First();
        string id = first.Value.Dequeue();
        if (first.Value.Count == 0)
            _again.Remove(first.Key);
        return id;
    }

    /// <summary>The summary as it is kept; null if the body is visited again, or has been too often.</summary>
    Summary? Bounded(string id, Summary summary)
    {
        if (_discovering)
            return null;
        Visits++;
        _visits[id] = _visits.TryGetValue(id, out int visits) ? ++visits : visits = 1;
        bool restless = visits > MaxVisits;
        bool joins = !_unknownCalls.Contains(id) && (restless || TooManyOpen(summary.Reaches));
        bool closes = !_closed.Contains(id) && (restless || summary.Pendings.Length > MaxPendings);
        if (joins || closes)
        {
            GiveUp(id, joins, closes);
            return null;
        }
        if (visits < 2 * MaxVisits)
            return summary;
        return visits > 2 * MaxVisits ? null : new Summary(
            summary.Reaches.Add(new Reach(s_unknownCall, ImmutableArray<string>.Empty, ImmutableArray<Ref>.Empty, false, Itself(id))), summary.Pendings);
    }

    Chain Itself(string id) => new(SourceSpan.None, _program.Contract(id).Display, null);

    void GiveUp(string id, bool joins, bool closes)
    {
        var members = _component.TryGetValue(id, out int c) ? _components[c] : new List<string> { id };
        foreach (string member in members)
        {
            if (joins)
                _unknownCalls.Add(member);
            if (closes)
                _closed.Add(member);
            _summaries.Remove(member);
        }
        foreach (string member in members)
            Again(member);
    }

    /// <summary>What edges that are closed here are to callers: something that they do not know.</summary>
    void Close(List<Pending> pendings, SolvedBody body, BodyEvent e, ReachSet reaches)
    {
        if (pendings.Count > 0 && IsFull(body.Facts.Id))
        {
            var p = pendings[0];
            var chain = p.Body == body.Facts.Id ? p.Reach.Chain : new Chain(e.Span, _program.Contract(p.Body).Display, null);
            reaches.Add(new Reach(s_unknownCall, ImmutableArray<string>.Empty, ImmutableArray<Ref>.Empty, false, chain));
        }
        pendings.Clear();
    }

    static bool TooManyOpen(ImmutableArray<Reach> reaches)
    {
        if (reaches.Length <= MaxOpen)
            return false;
        int calls = 0, constrained = 0, locks = 0;
        foreach (var r in reaches)
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
        return calls > MaxOpen || constrained > MaxOpen || locks > MaxOpen;
    }

    /// <summary>A reach of a body that is given up: calls are one unknown call, and locks are known by their classes alone.</summary>
    static Reach Joined(Reach r) => r with
    {
        Sink = r.Sink switch
        {
            Sink.Call or Sink.Constrained => s_unknownCall,
            Sink.Acquire { Lock: { Kind: RefKind.Field, Base: not null } l } acquire => new Sink.Acquire(Ref.Field(Ref.Unknown, l.Name, l.Info!), acquire.Mode),
            _ => r.Sink,
        },
        Cover = ImmutableArray<string>.Empty,
        Except = ImmutableArray<Ref>.Empty,
    };

    /// <summary>The components of the call graph, callees first (Tarjan, Depth-first search and linear graph algorithms, 1972), and then all to be visited.</summary>
    void Order()
    {
        _discovering = false;
        var callees = Callees();
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
