using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>A snapshot reaches a parameter that wants a stable value, without being read again or compared under the lock.</summary>
static class FENCE015
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (var body in context.Bodies.All)
        {
            foreach (var error in body.Errors.Where(static e => e.Kind == BalanceKind.Stale))
            {
                yield return new Finding(
                    "FENCE015", error.Span, $"{error.Name} was read without the lock and may have changed: read it again, or compare it with a new read, while the lock is held",
                    ImmutableArray<SourceSpan>.Empty)
                {
                    Properties = Message.Properties("stale", error.Name, null, ""),
                };
            }
        }
    }
}
