using FenceSafety.Core.Memo;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Graph;

/// <summary>What all bodies say, put together.</summary>
/// <param name="Contributions">In the order of ids.</param>
/// <param name="Edges">In the order of places.</param>
/// <param name="Atomic">The same.</param>
sealed record LockFindings(IReadOnlyList<Contribution> Contributions, IReadOnlyList<LockEdge> Edges, IReadOnlyList<AtomicViolation> Atomic)
{
    public static LockFindings Of(Table<string, Contribution> contributions, IEnumerable<LockEdge> external)
    {
        var all = contributions.Pairs.Where(static p => !p.Value.IsEmpty).Select(static p => p.Value).ToArray();
        Array.Sort(all, static (a, b) => string.CompareOrdinal(a.Body.Facts.Id, b.Body.Facts.Id));
        var edges = new Dictionary<(string Body, int Site, string From, string To), LockEdge>();
        foreach (var edge in all.SelectMany(static c => c.Edges).Concat(external))
        {
            var key = (edge.Body, edge.Site, edge.From.Name, Target(edge));
            if (!edges.TryGetValue(key, out var old) || Chain.IsBetter(edge.Reach.Chain, old.Reach.Chain))
                edges[key] = edge;
        }
        var atomic = new Dictionary<(string Body, int Site), AtomicViolation>();
        foreach (var violation in all.SelectMany(static c => c.Atomic))
        {
            var key = (violation.Body, violation.Site);
            if (!atomic.TryGetValue(key, out var old) || Chain.IsBetter(violation.Reach.Chain, old.Reach.Chain))
                atomic[key] = violation;
        }
        return new LockFindings(
            all,
            edges.Values.OrderBy(static e => e.Span).ThenBy(static e => e.From.Name, StringComparer.Ordinal)
                .ThenBy(static e => e.To?.Name, StringComparer.Ordinal).ThenBy(static e => e.Body, StringComparer.Ordinal).ThenBy(static e => e.Site).ToList(),
            atomic.Values.OrderBy(static a => a.Span).ToList());
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
}
