using System.Collections.Immutable;
using FenceSafety.Differential.Tests.Execution;
using FenceSafety.Differential.Tests.Generation;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>The lock-order graph of all runs of a program: who was taken while what was held, and what was done under it.</summary>
internal sealed class OrderGraph
{
    private const int MaxCycle = 4;

    private readonly GeneratedProgram _program;
    private readonly Mode _mode;
    private readonly List<Edge> _edges = [];

    /// <summary>Edges that critical code has no part in; to nothing: an allocation or a wait.</summary>
    private readonly List<Edge> _elsewhere = [];

    /// <param name="Unit">Who held the first of the two.</param>
    private sealed record Edge(string From, string? To, ImmutableHashSet<string> Gates, string Unit, bool InReclaim, bool IsWait);

    public OrderGraph(GeneratedProgram program, Mode mode, IReadOnlyList<TraceEvent> trace)
    {
        (_program, _mode) = (program, mode);
        var seen = new HashSet<Edge>(new ByContent());
        foreach (TraceEvent e in trace)
        {
            bool blocks = e.Kind is EventKind.Acquire or EventKind.Allocation or EventKind.FenceWait || (e.Kind == EventKind.Managed && mode.ManagedBlocks);
            if (!blocks || (e.Lock is not null && e.Lock.Class is null))
                continue;
            var gates = Gates(e);
            foreach (Holding held in e.Held.Where(h => h.Class is not null && h.Class != e.Lock?.Class))
            {
                string unit = Holder(e, held).Method.Unit;
                var edge = new Edge(held.Class!, e.Lock?.Class, gates, unit, Context.IsInReclaim(e), e.Kind == EventKind.FenceWait);
                if (e.Lock is not null && seen.Add(edge))
                    _edges.Add(edge);
                if (!Context.IsCritical(e))
                    _elsewhere.Add(edge);
            }
        }

        _elsewhere = [.. _elsewhere.Distinct(new ByContent())];
        for (int i = 0; i + 1 < program.Order.Count; i++)
            _edges.Add(new Edge(program.Order[i], program.Order[i + 1], [], "declared", InReclaim: false, IsWait: false));
        var acquired = trace.Where(e => e.Kind == EventKind.Acquire && e.Lock!.Class is not null).ToList();
        FromFence = Closure(acquired.Where(e => Context.CriticalLines(e) is not null).Select(e => e.Lock!.Class!).Append(program.Name + ".W.safe"), _edges, forward: true);
        FromReclaim = Closure(acquired.Where(e => Context.ReclaimLine(e) is not null).Select(e => e.Lock!.Class!), _edges, forward: true);
    }

    /// <summary>Classes that critical code gets to, by itself or through other locks.</summary>
    public IReadOnlySet<string> FromFence { get; }

    public IReadOnlySet<string> FromReclaim { get; }

    /// <summary>
    /// Whether an allocation or a wait is got to from this lock, on a path whose first edge neither this unit made nor one that it may call.
    /// </summary>
    public bool IsTainted(string lockClass, string unit, bool reclaim)
    {
        var edges = _elsewhere.Where(e => reclaim ? !(e.InReclaim || e.IsWait) : _mode.ReclaimWaits || e.To is not null || e.IsWait).ToList();
        // A path that comes back to the lock is none that begins elsewhere.
        var bad = Closure(edges.Where(e => e.To is null && e.From != lockClass).Select(e => e.From), [.. edges.Where(e => e.From != lockClass)], forward: false);
        var own = _program.ReachableFrom(unit);
        return edges.Exists(e => e.From == lockClass && !own.Contains(e.Unit) && (e.To is null || bad.Contains(e.To)));
    }

    /// <summary>It follows the order that is declared.</summary>
    public bool IsDeclared(string held, string taken)
    {
        int first = _program.Order.ToList().IndexOf(held), second = _program.Order.ToList().IndexOf(taken);
        return first >= 0 && first < second;
    }

    /// <summary>Whether this acquisition under this lock is part of a cycle that no further lock guards.</summary>
    public bool IsOnCycle(Holding held, TraceEvent e) => Search(e.Lock!.Class!, held.Class!, Gates(e), [held.Class!], 1);

    /// <summary>The innermost body that holds a lock of this class: one that requires it holds it as well.</summary>
    public static Frame Holder(TraceEvent e, Holding held)
    {
        int depth = e.Held.Where(h => held.Class is null ? h == held : h.Class == held.Class).Select(h => h.Depth).Append(held.Depth).Max();
        int holder = e.Frames.Length - 1 - Math.Clamp(depth, 0, e.Frames.Length - 1);
        int requires = Context.IndexOf(e, f => f.Method.RequiredLock is { } required && required == held.Class);
        return e.Frames[requires >= 0 && requires < holder ? requires : holder];
    }

    private static ImmutableHashSet<string> Gates(TraceEvent e) =>
        [.. e.Held.Where(h => h is { Class: not null, IsShared: false }).Select(h => h.Class!)];

    private bool Search(string at, string goal, ImmutableHashSet<string> gates, ImmutableHashSet<string> onCycle, int length)
    {
        if (at == goal)
            return gates.Except(onCycle).IsEmpty;
        if (length >= MaxCycle || onCycle.Contains(at))
            return false;
        return _edges.Exists(edge => edge.From == at && Search(edge.To!, goal, gates.Intersect(edge.Gates), onCycle.Add(at), length + 1));
    }

    private static HashSet<string> Closure(IEnumerable<string> start, List<Edge> edges, bool forward)
    {
        var reached = new HashSet<string>(start, StringComparer.Ordinal);
        bool more = true;
        while (more)
        {
            more = false;
            foreach (Edge edge in edges.Where(e => e.To is not null))
                more |= reached.Contains(forward ? edge.From : edge.To!) && reached.Add(forward ? edge.To! : edge.From);
        }

        return reached;
    }

    private sealed class ByContent : IEqualityComparer<Edge>
    {
        public bool Equals(Edge? x, Edge? y) => x is not null && y is not null && Key(x) == Key(y);

        public int GetHashCode(Edge e) => StringComparer.Ordinal.GetHashCode(Key(e));

        private static string Key(Edge e) => $"{e.From}>{e.To}:{string.Join(",", e.Gates.Order(StringComparer.Ordinal))}@{e.Unit}{e.InReclaim}{e.IsWait}";
    }
}
