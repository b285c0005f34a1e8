using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Findings;

/// <summary>A reason on what is proved, without unknowns, to have no effect. (Other misuse is seen in declarations alone.)</summary>
public static class FENCE010
{
    /// <summary>The property that names the body; the front end knows where its attribute stands.</summary>
    public const string Vouched = "vouched";

    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (string id in context.Options.Vouched)
        {
            if (context.Bodies.Find(id) is not { } body || body.Facts.IsIterator
                || body.Events.Any(e => context.Summaries.Reader.Reaches(body, e).Any() || e.Op is AcquireOp or ReleaseOp))
                continue;
            yield return new Finding(
                "FENCE010", body.Facts.Member, $"{body.Facts.Display} neither allocates, waits nor takes a lock: there is nothing to vouch for, remove the attribute",
                ImmutableArray<SourceSpan>.Empty)
            {
                Properties = ImmutableSortedDictionary<string, string>.Empty.Add("kind", "needless").Add(Vouched, id),
            };
        }
    }
}
