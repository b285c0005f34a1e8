using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>A value that must be consumed is dropped or overwritten on some path.</summary>
static class FENCE013
{
    public static IEnumerable<Finding> Find(FindingContext context) => Message.OfFlow(
        context, "FENCE013", BalanceKind.Dropped, "dropped",
        static (body, error) =>
            $"This {error.Name} is dropped on some path of {body.Facts.Display}: it must be consumed, stored or returned");
}
