using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Findings;

/// <summary>A reference-counted object found under a lock is used to block after that lock was released, without a reference.</summary>
static class FENCE014
{
    public static IEnumerable<Finding> Find(FindingContext context) => Message.OfFlow(
        context, "FENCE014", BalanceKind.Unprotected, "unprotected",
        static (_, error) =>
            $"{error.Name} was found under a lock that is released by now, and no reference is held: it may be freed while this waits");
}
