using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>
/// A method group or delegate value with an effect is converted to a fence-critical delegate. (Overrides and implementations that
/// declare the opposite effect are seen in declarations alone: the front end reports them.)
/// </summary>
static class FENCE009
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (var body in context.Contributions.Where(static c => c.Converts).Select(static c => c.Body))
        {
            foreach (var e in body.Events)
            {
                if (e.Op is not CriticalConversionOp conversion)
                    continue;
                var reaches = context.Summaries.Reader.Converted(body, e).SelectMany(r => context.Summaries.Reader.Close(body, r))
                    .Select(r => new RootReach(body, e, r)).ToList();
                var wrong = FindingContext.FirstHops(reaches.Where(static r => r.Reach.Sink is Sink.Effect
                {
                    Kind: EffectKind.BlockingAllocation or EffectKind.FenceWait,
                }));
                foreach (var r in wrong)
                {
                    string text = r.Reach.Chain.Name + (r.Reach.Sink is Sink.Effect { Kind: EffectKind.FenceWait } ? " waits for a fence" : " may allocate")
                        + ", " + conversion.Contract + " must not";
                    yield return Message.Make(context, "FENCE009", r, text, "contract");
                }
                foreach (var r in FindingContext.FirstHops(reaches.Where(static r => r.Reach.Sink is Sink.Effect { Kind: EffectKind.Unknown })))
                {
                    if (context.Options.UnknownCalls != UnknownCalls.Ignore)
                        yield return Message.Make(context, "FENCE008", r, "Cannot be verified where " + conversion.Contract + " is wanted", "delegate");
                }
            }
        }
    }
}
