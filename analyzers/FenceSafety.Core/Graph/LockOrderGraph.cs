using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Graph;

/// <summary>The lock-order graph: lock classes, and the edges between them, observed and declared.</summary>
public sealed class LockOrderGraph
{
    readonly Dictionary<string, SortedSet<string>> _next = new(StringComparer.Ordinal);
    readonly Dictionary<string, HashSet<string>> _declared = new(StringComparer.Ordinal);
    readonly Dictionary<string, LockClass> _classes = new(StringComparer.Ordinal);

    LockOrderGraph(IReadOnlyList<LockEdge> edges) => Edges = edges;

    LockOrderGraph(IReadOnlyList<LockEdge> edges, LockOrderGraph same)
    {
        Edges = edges;
        (_next, _declared, _classes, _components) = (same._next, same._declared, same._classes, same._components);
    }

    /// <summary>The graph of other edges: most are the same.</summary>
    internal LockOrderGraph With(IReadOnlyList<LockEdge> edges, IEnumerable<LockEdge> gone, IEnumerable<LockEdge> come, EngineOptions options)
    {
        var order = new HashSet<(LockClass, LockClass?)>(gone.Select(static e => (e.From, e.To)));
        return order.SetEquals(come.Select(static e => (e.From, e.To))) ? new LockOrderGraph(edges, this) : Build(edges, options);
    }

    public IReadOnlyList<LockEdge> Edges { get; }

    public static LockOrderGraph Build(IReadOnlyList<LockEdge> edges, EngineOptions options)
    {
        var graph = new LockOrderGraph(edges);
        foreach (var e in edges)
        {
            Name(graph._classes, e.From);
            if (e.To is null)
                continue;
            Name(graph._classes, e.To);
            if (e.To.Name != e.From.Name)
                Add(graph._next, e.From.Name, e.To.Name);
        }
        foreach (var order in options.LockOrders)
        {
            for (int i = 0; i + 1 < order.Count; i++)
            {
                Add(graph._next, order[i], order[i + 1]);
                if (!graph._declared.TryGetValue(order[i], out var set))
                    graph._declared.Add(order[i], set = new HashSet<string>(StringComparer.Ordinal));
                set.Add(order[i + 1]);
            }
        }
        graph._components = new Lazy<Dictionary<string, int>>(graph.Components);
        return graph;

        // A promise that any assembly makes of a lock is made.
        static void Name(Dictionary<string, LockClass> classes, LockClass c) =>
            classes[c.Name] = classes.TryGetValue(c.Name, out var old) && old.FenceSafe ? old : c;

        static void Add(Dictionary<string, SortedSet<string>> map, string from, string to)
        {
            if (!map.TryGetValue(from, out var set))
                map.Add(from, set = new SortedSet<string>(StringComparer.Ordinal));
            set.Add(to);
        }
    }

    Lazy<Dictionary<string, int>> _components = null!;

    /// <summary>Each of the two is on a path from the other.</summary>
    public bool AreOnCycle(string a, string b) => _components.Value.Count > 0
        && _components.Value.TryGetValue(a, out int component) && _components.Value.TryGetValue(b, out int other) && component == other;

    /// <summary>Classes that are on cycles, with the number of the component that each is in. An order has none.</summary>
    Dictionary<string, int> Components()
    {
        var result = new Dictionary<string, int>(StringComparer.Ordinal);
        var components = StrongComponents.Of(_next.Keys, name => Next(name).ToList());
        for (int c = 0; c < components.Count; c++)
        {
            foreach (string name in components[c].Count > 1 ? components[c] : new List<string>())
                result.Add(name, c);
        }
        return result;
    }

    public IEnumerable<LockClass> Classes => _classes.Values;

    public string Display(string name) => _classes.TryGetValue(name, out var c) ? c.Display : name;

    public IEnumerable<string> Next(string name) => _next.TryGetValue(name, out var set) ? set : Enumerable.Empty<string>();

    /// <summary>Everything that can be reached from these classes, themselves included, with the class it was first reached from.</summary>
    public Dictionary<string, string?> Reach(IEnumerable<string> start) => Reach(start, null);

    Dictionary<string, string?> Reach(IEnumerable<string> start, string? avoided)
    {
        var from = new Dictionary<string, string?>(StringComparer.Ordinal);
        var work = new Queue<string>();
        foreach (string s in start.Distinct().OrderBy(static s => s, StringComparer.Ordinal))
        {
            from[s] = null;
            work.Enqueue(s);
        }
        while (work.Count > 0)
        {
            string at = work.Dequeue();
            foreach (string next in Next(at))
            {
                if (from.ContainsKey(next) || next == avoided)
                    continue;
                from[next] = at;
                work.Enqueue(next);
            }
        }
        return from;
    }

    /// <summary>The shortest path of classes from <paramref name="start"/> to one of <paramref name="goals"/>, or null.</summary>
    /// <param name="start">The first class.</param>
    /// <param name="goals">The last class is one of these.</param>
    /// <param name="avoided">A class that is not on the path, or null.</param>
    public IReadOnlyList<string>? Path(string start, Func<string, bool> goals, string? avoided = null)
    {
        var reach = Reach(new[] { start }, avoided);
        // Breadth-first order is the order of insertion.
        foreach (string candidate in reach.Keys.Where(goals))
        {
            var path = new List<string>();
            for (string? at = candidate; at is not null; at = reach[at])
                path.Add(at);
            path.Reverse();
            return path;
        }
        return null;
    }

    /// <summary>The declared orders say that <paramref name="from"/> comes before <paramref name="to"/>, directly or through others.</summary>
    public bool IsDeclared(string from, string to)
    {
        if (_declared.Count == 0)
            return false;
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var work = new Stack<string>();
        work.Push(from);
        while (work.Count > 0)
        {
            if (!_declared.TryGetValue(work.Pop(), out var set))
                continue;
            foreach (string next in set)
            {
                if (next == to)
                    return true;
                if (seen.Add(next))
                    work.Push(next);
            }
        }
        return false;
    }
}
