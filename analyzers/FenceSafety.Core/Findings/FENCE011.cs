using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>Fence-critical code allocates on the managed heap.</summary>
static class FENCE011
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        if (context.Options.ManagedAllocations == ManagedAllocations.Ignore)
            return Enumerable.Empty<Finding>();
        return FindingContext.FirstHops(context.Critical.Where(static r =>
                !r.Reach.EdgeOnly && r.Reach.Sink is Sink.Effect { Kind: EffectKind.ManagedAllocation }))
            .Select(r =>
            {
                string kind = ((Sink.Effect)r.Reach.Sink).Detail;
                return Message.Make(
                    context, "FENCE011", r, "Fence-critical code allocates on the managed heap (" + kind + ") in " + r.Reach.Chain.Sink, kind);
            });
    }
}
