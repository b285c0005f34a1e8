using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>A blocking allocation or a fence wait under a lock that fence-critical or reclaim code reaches.</summary>
static class FENCE004
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (var hop in Edges(context).GroupBy(static e => e.Span))
        {
            var e = hop.Aggregate(static (a, b) => Chain.IsBetter(b.Reach.Chain, a.Reach.Chain) ? b : a);
            bool waits = FindingContext.IsFenceWait(e.Reach);
            string chain = Message.Spell(context, e);
            bool fence = context.FromFence.ContainsKey(e.From.Name);
            string text = (waits ? "Waits for a fence in " : "Allocates in ") + e.Reach.Chain.Sink + " while holding " + e.From.Display
                + ", which " + (fence ? "fence-critical" : "reclaim") + " code takes" + Through(context, e, fence) + ": " + chain;
            yield return new Finding("FENCE004", e.Span, text, Message.Hops(e.Reach.Chain))
            {
                Properties = Message.Properties(waits ? "fence" : "blocking", e.Reach.Chain.Sink, e.From.Name, chain),
            };
        }
    }

    /// <summary>What offends here, and the calls through which this compilation gets to what offends elsewhere.</summary>
    static IEnumerable<LockEdge> Edges(FindingContext context)
    {
        var offending = context.Graph.Edges.Where(e => Offends(context, e)).ToList();
        var entries = new Entries(context);
        return offending.Where(static e => !e.Span.IsNone).Concat(offending.Where(static e => e.Span.IsNone).SelectMany(entries.Into))
            .Where(e => e.Through is null || !entries.IsJudgedAlready(e));
    }

    /// <summary>Reads the bodies with such calls. False if there is nothing more to read.</summary>
    public static bool ReadCallers(FindingContext context)
    {
        var entries = new Entries(context);
        bool any = false;
        foreach (var e in context.Graph.Edges.Where(e => e.Span.IsNone && Offends(context, e)))
            any |= entries.ReadCallers(e);
        return any;
    }

    static bool Offends(FindingContext context, LockEdge e)
    {
        if (e.To is not null || e.Critical || e.Reach.EdgeOnly)
            return false;
        if (FindingContext.IsFenceWait(e.Reach))
            return context.FromFence.ContainsKey(e.From.Name);
        return context.Blocks(e.Reach)
            && ((context.Options.ReclaimWaitsForFences && context.FromFence.ContainsKey(e.From.Name))
                || (context.FromReclaim.ContainsKey(e.From.Name) && !e.InReclaim));
    }

    /// <summary>The locks that lead to this one.</summary>
    static string Through(FindingContext context, LockEdge e, bool fence)
    {
        var from = fence ? context.FromFence : context.FromReclaim;
        var path = new List<string>();
        for (string? at = e.From.Name; at is not null; at = from[at])
            path.Insert(0, context.Graph.Display(at));
        return path.Count == 1 ? "" : " through " + string.Join(" → ", path);
    }
}
