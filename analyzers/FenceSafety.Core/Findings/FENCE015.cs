using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>A snapshot reaches a parameter that wants a stable value, without being read again or compared under the lock.</summary>
static class FENCE015
{
    public static IEnumerable<Finding> Find(FindingContext context) => Message.OfFlow(
        context, "FENCE015", BalanceKind.Stale, "stale",
        static (_, error) =>
            $"{error.Name} was read without the lock and may have changed: read it again, or compare it with a new read, while the lock is held");
}
