using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>Fence-critical code makes a blocking allocation.</summary>
static class FENCE001
{
    public static IEnumerable<Finding> Find(FindingContext context) =>
        FindingContext.FirstHops(context.Critical.Where(static r =>
                !r.Reach.EdgeOnly && r.Reach.Sink is Sink.Effect { Kind: EffectKind.BlockingAllocation }))
            .Select(r => Message.Make(
                context, "FENCE001", r, "Fence-critical code makes a blocking allocation in " + r.Reach.Chain.Sink, "blocking"));
}
