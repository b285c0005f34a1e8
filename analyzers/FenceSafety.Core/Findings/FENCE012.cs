using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>A member visible outside the assembly may allocate but does not say so. A callee's declaration does not excuse its caller.</summary>
static class FENCE012
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (string id in context.Options.VisibleMembers)
        {
            var contract = context.Program.Contract(id);
            if (contract.MayAllocate || contract.Critical || contract.AssumeSafe || context.Bodies.Find(id) is not { } body)
                continue;
            Reach? best = null;
            foreach (var r in body.Events.SelectMany(e => context.Summaries.Reader.Reaches(body, e)))
            {
                bool allocates = r is { EdgeOnly: false, Sink: Sink.Effect { Kind: EffectKind.BlockingAllocation } or Sink.AllocateIf };
                if (allocates && (best is null || Chain.IsBetter(r.Chain, best.Chain)))
                    best = r;
            }
            if (best is null)
                continue;
            string chain = Message.Spell(body.Facts.Display, best.Chain);
            yield return new Finding(
                "FENCE012", body.Facts.Member, $"{body.Facts.Display} is visible outside and may allocate, but does not say [MayAllocate]: {chain}",
                best.Chain.Hops.Select(static h => h.Span).Where(static s => !s.IsNone).ToImmutableArray())
            {
                Properties = Message.Properties("contract", best.Chain.Sink, null, chain),
            };
        }
    }
}
