namespace FenceSafety.Core.Findings;

/// <summary>
/// Where FENCE005, 006 and 013 to 016 apply, which need no fence-critical code to be true: everywhere, or only on paths from an
/// annotation. Such a path runs along calls, from a body that is fence-critical, in reclaim or atomic, or that begins a region; and
/// on along the lock order, to whoever holds a lock that such a body has to wait for.
/// </summary>
public sealed class FindingScope(FindingContext context)
{
    readonly bool _everything = context.Options.Scope == RuleScope.Everything;
    HashSet<string>? _bodies;
    Dictionary<string, string?>? _atomic;

    public bool Covers(string body) => _everything || (_bodies ??= Bodies()).Contains(body);

    public bool CoversLock(string lockClass) =>
        _everything || context.FromFence.ContainsKey(lockClass) || context.FromReclaim.ContainsKey(lockClass)
        || (_atomic ??= Atomic()).ContainsKey(lockClass);

    HashSet<string> Bodies() => context.Summaries.ReachableFrom(Roots());

    IEnumerable<string> Roots() =>
        from body in context.Bodies.All
        let contract = context.Program.Contract(body.Facts.Id)
        where contract.Critical || contract.RunsInReclaim || contract.RunsAtomic || body.Events.Any(static e => e.InRegion)
        select body.Facts.Id;

    /// <summary>The other two contexts have this from the rules that need it; atomic code is asked for here alone.</summary>
    Dictionary<string, string?> Atomic()
    {
        var atomic = context.Bodies.All.Where(b => context.Program.Contract(b.Facts.Id).RunsAtomic);
        return context.Graph.Reach(context.Acquired(atomic.SelectMany(b => b.Events.SelectMany(e => context.Summaries.Reader.Closed(b, e, context.Callers)))));
    }
}
