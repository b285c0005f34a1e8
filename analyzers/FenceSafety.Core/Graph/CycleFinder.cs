using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Graph;

/// <summary>Cycles of lock classes only: inversions, instances of one class nested, self-deadlock.</summary>
public sealed class CycleFinder
{
    readonly LockOrderGraph _graph;
    readonly Lazy<ILookup<string, LockEdge>> _from;

    public CycleFinder(LockOrderGraph graph)
    {
        _graph = graph;
        _from = new(() => graph.Edges.Where(static e => e.To is not null && e.To.Name != e.From.Name).ToLookup(static e => e.From.Name, StringComparer.Ordinal));
    }

    /// <summary>
    /// The classes of a cycle that this edge closes, from its target back to its source; null if there is none, or if all of each
    /// cycle happens under one further lock.
    /// </summary>
    public IReadOnlyList<string>? CycleThrough(LockEdge edge)
    {
        string start = edge.To!.Name, goal = edge.From.Name;
        if (!_graph.AreOnCycle(start, goal))
            return null;
        var seen = new HashSet<(string, string)> { (start, string.Join("\n", edge.Gates)) };
        var work = new Queue<(string At, IReadOnlyList<string> Gates, IReadOnlyList<string> Path)>();
        work.Enqueue((start, edge.Gates, new[] { start }));
        while (work.Count > 0)
        {
            var (at, gates, path) = work.Dequeue();
            foreach (var next in _from.Value[at])
            {
                if (Follow(next.To!.Name, gates.Count == 0 ? gates : gates.Intersect(next.Gates).ToList(), path) is { } cycle)
                    return cycle;
            }
            foreach (string next in _graph.Next(at).Where(n => _graph.IsDeclared(at, n)))
            {
                if (Follow(next, Array.Empty<string>(), path) is { } cycle)
                    return cycle;
            }
        }
        return null;

        IReadOnlyList<string>? Follow(string next, IReadOnlyList<string> gates, IReadOnlyList<string> path)
        {
            if (next == goal)
                return Append(path, next) is var whole && Closes(gates, whole) ? whole : null;
            if (seen.Add((next, string.Join("\n", gates))))
                work.Enqueue((next, gates, Append(path, next)));
            return null;
        }

        // A lock on the cycle is no gate for it.
        static bool Closes(IReadOnlyList<string> gates, IReadOnlyList<string> path) => gates.Count == 0 || !gates.Except(path).Any();

        static IReadOnlyList<string> Append(IReadOnlyList<string> path, string next) => new List<string>(path) { next };
    }

    /// <summary>How an edge from a class to itself is wrong, or null.</summary>
    public static string? SelfEdge(LockEdge edge)
    {
        var taken = (Sink.Acquire)edge.Reach.Sink;
        var held = edge.Held.Mode;
        if ((held.Shared && taken.Mode.Shared) || (held.Upgrade && !taken.Mode.Upgrade))
            return null;
        bool same = edge.HeldRef.Equals(taken.Lock) && taken.Lock.IsStable;
        // A reader that becomes a writer waits for itself, however often it may read; ReaderWriterLock has a call for it.
        if (same)
            return taken.Mode.Recursive && (taken.Mode.Shared || taken.Mode.Upgrade || !held.Shared) ? null : "is taken again while it is held";
        return "of another object is taken while one is held";
    }
}
