using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>A reference-counted object found under a lock is used to block after that lock was released, without a reference.</summary>
static class FENCE014
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (var body in context.Bodies.All)
        {
            foreach (var error in body.Errors.Where(static e => e.Kind == BalanceKind.Unprotected))
            {
                yield return new Finding(
                    "FENCE014", error.Span, $"{error.Name} was found under a lock that is released by now, and no reference is held: it may be freed while this waits",
                    ImmutableArray<SourceSpan>.Empty)
                {
                    Properties = Message.Properties("unprotected", error.Name, null, ""),
                };
            }
        }
    }
}
