using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Graph;

/// <summary>What all bodies say, put together.</summary>
/// <param name="Contributions">Those that say anything, in the order of ids.</param>
/// <param name="Graph">The edges in the order of places, and what they make.</param>
/// <param name="Atomic">In the order of places.</param>
sealed record LockFindings(IReadOnlyList<Contribution> Contributions, LockOrderGraph Graph, IReadOnlyList<AtomicViolation> Atomic)
{
    static readonly Comparison<LockEdge> s_edges = static (a, b) =>
    {
        int c = a.Span.CompareTo(b.Span);
        if (c == 0)
            c = string.CompareOrdinal(a.From.Name, b.From.Name);
        if (c == 0)
            c = string.CompareOrdinal(a.To?.Name, b.To?.Name);
        if (c == 0)
            c = string.CompareOrdinal(a.Body, b.Body);
        return c != 0 ? c : a.Site.CompareTo(b.Site);
    };

    static readonly Comparison<AtomicViolation> s_atomic = static (a, b) => a.Span.CompareTo(b.Span);

    static readonly Comparison<Contribution> s_contributions = static (a, b) => string.CompareOrdinal(a.Id, b.Id);

    public static LockFindings Of(IEnumerable<Contribution> contributions, IEnumerable<LockEdge> external, EngineOptions options)
    {
        var all = Sorted(contributions.Where(static c => !c.IsEmpty), s_contributions);
        return new LockFindings(
            all,
            LockOrderGraph.Build(Sorted(Best(all.SelectMany(static c => c.Edges).Concat(external)), s_edges), options),
            Sorted(Best(all.SelectMany(static c => c.Atomic)), s_atomic));
    }

    /// <summary>The same with some bodies that say something else.</summary>
    public LockFindings With(IReadOnlyDictionary<string, Contribution> changed, EngineOptions options)
    {
        var all = Merged(Contributions.Where(c => !changed.ContainsKey(c.Id)), Sorted(changed.Values.Where(static c => !c.IsEmpty), s_contributions), s_contributions);
        // An edge that several bodies say is made in one, and so is another violation.
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var c in Contributions.Where(c => changed.ContainsKey(c.Id)).Concat(changed.Values))
        {
            made.UnionWith(c.Edges.Select(static e => e.Body));
            made.UnionWith(c.Atomic.Select(static a => a.Body));
        }
        if (made.Count == 0)
            return this with { Contributions = all };
        var edges = Sorted(Best(all.SelectMany(static c => c.Edges).Where(e => made.Contains(e.Body))), s_edges);
        var atomic = Sorted(Best(all.SelectMany(static c => c.Atomic).Where(a => made.Contains(a.Body))), s_atomic);
        return new LockFindings(
            all,
            Graph.With(Merged(Graph.Edges.Where(e => !made.Contains(e.Body)), edges, s_edges), Graph.Edges.Where(e => made.Contains(e.Body)), edges, options),
            Merged(Atomic.Where(a => !made.Contains(a.Body)), atomic, s_atomic));
    }

    static IEnumerable<LockEdge> Best(IEnumerable<LockEdge> said)
    {
        var edges = new Dictionary<(string Body, int Site, string From, string To), LockEdge>();
        foreach (var edge in said)
        {
            var key = (edge.Body, edge.Site, edge.From.Name, Target(edge));
            if (!edges.TryGetValue(key, out var old))
            {
                edges.Add(key, edge);
                continue;
            }
            var makers = old.Makers.Union(edge.Makers, StringComparer.Ordinal).OrderBy(static m => m, StringComparer.Ordinal).ToImmutableArray();
            if (Chain.IsBetter(edge.Reach.Chain, old.Reach.Chain))
                edges[key] = edge with { Makers = makers };
            else if (makers.Length != old.Makers.Length)
                edges[key] = old with { Makers = makers };
        }
        return edges.Values;
    }

    static IEnumerable<AtomicViolation> Best(IEnumerable<AtomicViolation> said)
    {
        var atomic = new Dictionary<(string Body, int Site), AtomicViolation>();
        foreach (var violation in said)
        {
            var key = (violation.Body, violation.Site);
            if (!atomic.TryGetValue(key, out var old) || Chain.IsBetter(violation.Reach.Chain, old.Reach.Chain))
                atomic[key] = violation;
        }
        return atomic.Values;
    }

    static string Target(LockEdge edge)
    {
        string to = edge.To is not null ? "lock " + edge.To.Name : edge.Effect?.ToString() ?? edge.Reach.Sink.ToString();
        if (edge.Through is not null)
            to += edge.Through;
        // Two instances of one class are another edge than one instance twice.
        if (edge.To?.Name == edge.From.Name)
            to += edge.HeldRef + " " + edge.Reach.Sink;
        return to;
    }

    /// <summary>What is alike stays in the order in which it was said.</summary>
    static List<T> Sorted<T>(IEnumerable<T> items, Comparison<T> compare) => items.OrderBy(static i => i, Comparer<T>.Create(compare)).ToList();

    static List<T> Merged<T>(IEnumerable<T> many, List<T> few, Comparison<T> compare)
    {
        var result = new List<T>();
        int at = 0;
        foreach (var item in many)
        {
            for (; at < few.Count && compare(few[at], item) < 0; at++)
                result.Add(few[at]);
            result.Add(item);
        }
        result.AddRange(few.Skip(at));
        return result;
    }
}
