using System.Collections.Immutable;

namespace FenceSafety.Core.Summaries;

/// <summary>Collects reaches and keeps, for each sink, those that none subsumes.</summary>
sealed class ReachSet
{
    /// <summary>More variants of one sink than this are joined into one that is reported too often rather than not at all.</summary>
    const int MaxVariants = 8;

    readonly Dictionary<Sink, List<Reach>> _bySink = new();

    public void Add(Reach reach)
    {
        if (!_bySink.TryGetValue(reach.Sink, out var list))
            _bySink.Add(reach.Sink, list = new List<Reach>());
        for (int i = 0; i < list.Count; i++)
        {
            var old = list[i];
            bool same = old.EdgeOnly == reach.EdgeOnly && old.Cover.SequenceEqual(reach.Cover) && old.Except.SequenceEqual(reach.Except);
            if (same)
            {
                if (Chain.IsBetter(reach.Chain, old.Chain))
                    list[i] = reach;
                return;
            }
            if (old.Subsumes(reach) && !reach.Subsumes(old))
                return;
        }
        list.RemoveAll(old => reach.Subsumes(old));
        list.Add(reach);
        if (list.Count > MaxVariants)
            Widen(list);
    }

    static void Widen(List<Reach> list)
    {
        var best = list[0];
        foreach (var r in list)
        {
            if (Chain.IsBetter(r.Chain, best.Chain))
                best = r;
        }
        bool edgeOnly = list.All(static r => r.EdgeOnly);
        list.Clear();
        list.Add(best with { Cover = ImmutableArray<string>.Empty, Except = ImmutableArray<Flow.Ref>.Empty, EdgeOnly = edgeOnly });
    }

    /// <summary>In a stable order: by length, then by place.</summary>
    public ImmutableArray<Reach> ToImmutable()
    {
        var all = _bySink.Values.SelectMany(static l => l).ToList();
        all.Sort(Compare);
        return all.ToImmutableArray();
    }

    internal static int Compare(Reach a, Reach b)
    {
        int c = a.Chain.Length.CompareTo(b.Chain.Length);
        if (c == 0)
            c = a.Chain.Span.CompareTo(b.Chain.Span);
        if (c == 0)
            c = string.CompareOrdinal(a.Chain.Sink, b.Chain.Sink);
        if (c == 0)
            c = string.CompareOrdinal(a.Sink.ToString(), b.Sink.ToString());
        if (c == 0)
            c = string.CompareOrdinal(string.Join(",", a.Cover), string.Join(",", b.Cover));
        return c != 0 ? c : a.EdgeOnly.CompareTo(b.EdgeOnly);
    }
}
