using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>Fence-critical code acquires a lock that is held elsewhere while allocating or waiting for a fence.</summary>
static class FENCE002
{
    public static IEnumerable<Finding> Find(FindingContext context) => Acquisitions(
        context, "FENCE002", context.Critical, new TaintFinder(context, reclaim: false), "Fence-critical code acquires ");

    /// <summary>One report for each first hop and class; the rule for reclaim is the same with another context node.</summary>
    public static IEnumerable<Finding> Acquisitions(
        FindingContext context, string rule, IEnumerable<RootReach> roots, TaintFinder taints, string who)
    {
        var best = new Dictionary<(Facts.SourceSpan, string), (RootReach Root, Graph.LockClass Class)>();
        foreach (var root in roots)
        {
            if (root.Reach.EdgeOnly || root.Reach.Sink is not Sink.Acquire)
                continue;
            foreach (var c in context.ClassesOf(root))
            {
                var key = (root.Reach.Chain.Span, c.Name);
                if (!best.TryGetValue(key, out var old) || Chain.IsBetter(root.Reach.Chain, old.Root.Reach.Chain))
                    best[key] = (root, c);
            }
        }
        foreach (var pair in best)
        {
            var (root, c) = pair.Value;
            if (taints.For(c.Name, root) is not { } taint)
                continue;
            bool waits = FindingContext.IsFenceWait(taint.Effect.Reach);
            string chain = Message.Spell(root.Body.Facts.Display, root.Reach.Chain);
            string sink = taint.Effect.Reach.Chain.Sink;
            string text = who + c.Display + ", which is held elsewhere while " + (waits ? "waiting for a fence" : "allocating") + " in " + sink
                + ": " + chain + "; " + Message.Explain(context, taint);
            yield return new Finding(rule, root.Reach.Chain.Span, text, Message.Hops(root.Reach.Chain, taint.Effect.Reach.Chain))
            {
                Properties = Message.Properties(waits ? "fence" : "blocking", sink, c.Name, chain),
            };
        }
    }
}
