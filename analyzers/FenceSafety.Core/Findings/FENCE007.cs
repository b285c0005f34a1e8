namespace FenceSafety.Core.Findings;

/// <summary>Reclaim-path code allocates, or acquires a lock that is held elsewhere while allocating.</summary>
static class FENCE007
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        var allocations = FindingContext.FirstHops(context.Reclaim.Where(r => !r.Reach.EdgeOnly && context.Blocks(r.Reach)))
            .Select(r => Message.Make(
                context, "FENCE007", r, "Code that runs in reclaim makes a blocking allocation in " + r.Reach.Chain.Sink, "blocking"));
        var taints = new TaintFinder(context, reclaim: true);
        return allocations.Concat(FENCE002.Acquisitions(context, "FENCE007", context.Reclaim, taints, "Code that runs in reclaim acquires "));
    }
}
