using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>A value that must be consumed is dropped or overwritten on some path.</summary>
static class FENCE013
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (var body in context.Bodies.All)
        {
            foreach (var error in body.Errors.Where(static e => e.Kind == BalanceKind.Dropped))
            {
                yield return new Finding(
                    "FENCE013", error.Span, $"This {error.Name} is dropped on some path of {body.Facts.Display}: it must be consumed, stored or returned",
                    ImmutableArray<SourceSpan>.Empty)
                {
                    Properties = Message.Properties("dropped", error.Name, null, ""),
                };
            }
        }
    }
}
