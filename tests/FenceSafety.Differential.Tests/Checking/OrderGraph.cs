using System.Collections.Immutable;
using FenceSafety.Differential.Tests.Execution;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>The lock-order graph of all runs of a program: who was taken while what was held, and what was done under it.</summary>
internal sealed class OrderGraph
{
    private const int MaxCycle = 4;

    private readonly List<Edge> _edges = [];

    private sealed record Edge(string From, string To, ImmutableHashSet<string> Held);

    public OrderGraph(IReadOnlyList<TraceEvent> trace)
    {
        var acquisitions = trace.Where(e => e.Kind == EventKind.Acquire && e.Lock!.Class is not null).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (TraceEvent e in acquisitions)
        {
            var gates = e.Held.Where(h => h is { Class: not null, IsShared: false }).Select(h => h.Class!).ToImmutableHashSet();
            foreach (Holding held in e.Held.Where(h => h.Class is not null && h.Class != e.Lock!.Class))
            {
                if (seen.Add(held.Class + ">" + e.Lock!.Class + ":" + string.Join(",", gates.Order(StringComparer.Ordinal))))
                    _edges.Add(new Edge(held.Class!, e.Lock.Class!, gates));
            }
        }

        FromFence = Closure(acquisitions.Where(e => Context.CriticalLines(e) is not null).Select(e => e.Lock!.Class!), _edges, forward: true);
        FromReclaim = Closure(acquisitions.Where(e => Context.ReclaimLine(e) is not null).Select(e => e.Lock!.Class!), _edges, forward: true);

        // What critical code does itself is reported there, and taints nothing.
        var elsewhere = trace.Where(e => !Context.IsCritical(e)).ToList();
        var edges = elsewhere.Where(acquisitions.Contains).SelectMany(
            e => e.Held.Where(h => h.Class is not null).Select(h => new Edge(h.Class!, e.Lock!.Class!, []))).ToList();
        TaintedByFence = Closure(Under(elsewhere.Where(e => e.Kind is EventKind.Allocation or EventKind.FenceWait)), edges, forward: false);
        var outside = elsewhere.Where(e => !Context.IsInReclaim(e)).ToList();
        var outer = outside.Where(acquisitions.Contains).SelectMany(
            e => e.Held.Where(h => h.Class is not null).Select(h => new Edge(h.Class!, e.Lock!.Class!, []))).ToList();
        TaintedByReclaim = Closure(Under(outside.Where(e => e.Kind == EventKind.Allocation)), outer, forward: false);
    }

    /// <summary>Classes that critical code gets to, by itself or through other locks.</summary>
    public IReadOnlySet<string> FromFence { get; }

    public IReadOnlySet<string> FromReclaim { get; }

    /// <summary>Classes from which, elsewhere, an allocation or a wait is got to.</summary>
    public IReadOnlySet<string> TaintedByFence { get; }

    public IReadOnlySet<string> TaintedByReclaim { get; }

    /// <summary>Whether this acquisition under this lock is part of a cycle that no further lock guards.</summary>
    public bool IsOnCycle(Holding held, TraceEvent e)
    {
        var gates = e.Held.Where(h => h is { Class: not null, IsShared: false }).Select(h => h.Class!).ToImmutableHashSet();
        return Search(e.Lock!.Class!, held.Class!, gates, [held.Class!], 1);
    }

    private bool Search(string at, string goal, ImmutableHashSet<string> gates, ImmutableHashSet<string> onCycle, int length)
    {
        if (at == goal)
            return gates.Except(onCycle).IsEmpty;
        if (length >= MaxCycle || onCycle.Contains(at))
            return false;
        return _edges.Exists(edge => edge.From == at && Search(edge.To, goal, gates.Intersect(edge.Held), onCycle.Add(at), length + 1));
    }

    private static IEnumerable<string> Under(IEnumerable<TraceEvent> events) =>
        events.SelectMany(e => e.Held).Where(h => h.Class is not null).Select(h => h.Class!);

    private static HashSet<string> Closure(IEnumerable<string> start, List<Edge> edges, bool forward)
    {
        var reached = new HashSet<string>(start, StringComparer.Ordinal);
        bool more = true;
        while (more)
        {
            more = false;
            foreach (Edge edge in edges)
                more |= reached.Contains(forward ? edge.From : edge.To) && reached.Add(forward ? edge.To : edge.From);
        }

        return reached;
    }
}
