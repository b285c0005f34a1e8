using FenceSafety.Core.Facts;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>An allocation, a wait or a sleeping lock in atomic context.</summary>
static class FENCE006
{
    /// <summary>The property that says what must not happen here: <c>allocation</c>, <c>managed</c>, <c>wait</c> or <c>lock</c>.</summary>
    public const string Effect = "effect";

    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (var hop in context.Atomic.Where(a => InScope(context, a)).GroupBy(static a => a.Span))
        {
            var a = hop.First();
            string chain = Message.Spell(context, a.Body, a.Reach.Chain);
            var (effect, what) = a.Reach.Sink switch
            {
                Sink.Acquire => ("lock", "acquires the sleeping lock " + a.Reach.Chain.Sink.Replace("lock ", "")),
                Sink.Effect { Kind: EffectKind.BlockingAllocation } => ("allocation", "makes a blocking allocation in " + a.Reach.Chain.Sink),
                Sink.Effect { Kind: EffectKind.ManagedAllocation } => ("managed", "allocates on the managed heap in " + a.Reach.Chain.Sink),
                _ => ("wait", "waits in " + a.Reach.Chain.Sink),
            };
            yield return new Finding("FENCE006", a.Span, "Atomic context (" + a.Context + ") " + what + ": " + chain, Message.Hops(a.Reach.Chain))
            {
                Properties = Message.Properties("atomic", a.Reach.Chain.Sink, a.LockClass, chain).Add(Effect, effect),
            };
        }
    }

    static bool InScope(FindingContext context, AtomicViolation a) =>
        context.Scope.Covers(a.Body) || (a.LockClass is { } spin && context.Scope.CoversLock(spin));
}
