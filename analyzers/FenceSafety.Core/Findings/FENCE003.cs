using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>Fence-critical code waits for a fence, or without a bound for something else.</summary>
static class FENCE003
{
    public static IEnumerable<Finding> Find(FindingContext context) =>
        FindingContext.FirstHops(context.Critical.Where(static r =>
                !r.Reach.EdgeOnly && r.Reach.Sink is Sink.Effect { Kind: EffectKind.FenceWait or EffectKind.BlockingWait }))
            .Select(r =>
            {
                bool fence = r.Reach.Sink is Sink.Effect { Kind: EffectKind.FenceWait };
                string text = fence ? "Fence-critical code waits for a fence in " : "Fence-critical code waits without a bound in ";
                return Message.Make(context, "FENCE003", r, text + r.Reach.Chain.Sink, fence ? "fence" : "blocking");
            });
}
