using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>A call or a lock that cannot be verified, in fence-critical code or under a lock that it reaches.</summary>
static class FENCE008
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        if (context.Options.UnknownCalls == UnknownCalls.Ignore)
            yield break;
        var hops = new HashSet<SourceSpan>();
        foreach (var r in FindingContext.FirstHops(context.Critical.Where(static r =>
            !r.Reach.EdgeOnly && r.Reach.Sink is Sink.Effect { Kind: EffectKind.Unknown })))
        {
            hops.Add(r.Reach.Chain.Span);
            yield return Message.Make(context, "FENCE008", r, "Cannot be verified in fence-critical code: " + r.Reach.Chain.Sink, Detail(r.Reach));
        }
        var edges = context.Graph.Edges.Where(e =>
            e is { Effect: EffectKind.Unknown, Critical: false, Reach.EdgeOnly: false } && context.FromFence.ContainsKey(e.From.Name));
        foreach (var hop in edges.GroupBy(static e => e.Span))
        {
            var e = hop.Aggregate(static (a, b) => Chain.IsBetter(b.Reach.Chain, a.Reach.Chain) ? b : a);
            if (!hops.Add(e.Span))
                continue;
            string chain = Message.Spell(context, e);
            string text = "Cannot be verified under " + e.From.Display + ", which fence-critical code takes: " + e.Reach.Chain.Sink + ": " + chain;
            yield return new Finding("FENCE008", e.Span, text, Message.Hops(e.Reach.Chain))
            {
                Properties = Message.Properties(Detail(e.Reach), e.Reach.Chain.Sink, e.From.Name, chain),
            };
        }
    }

    static string Detail(Reach r) => ((Sink.Effect)r.Sink).Detail;
}
