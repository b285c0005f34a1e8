using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Graph;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Findings;

/// <summary>A method that becomes a delegate of such a kind runs where that runs: in atomic context, or in reclaim.</summary>
sealed record Conversions(SolvedBody Body, bool Atomic, bool Reclaim, IReadOnlyList<RootReach> Reaches)
{
    public IEnumerable<AtomicViolation> Violations(FindingContext context)
    {
        var contract = context.Program.Contract(Body.Facts.Id);
        return Reaches.Where(r => EdgeCollector.IsForbidden(r.Reach, contract.Critical, context.Options))
            .Select(r => new AtomicViolation(contract.Display, Body.Facts.Id, r.Event.Site, r.Reach));
    }

    public static IEnumerable<Conversions> Of(FindingContext context)
    {
        var found = new SortedDictionary<string, (bool Atomic, bool Reclaim)>(StringComparer.Ordinal);
        foreach (var e in context.Contributions.Where(static c => c.Converts).SelectMany(static c => c.Body.Events))
        {
            if (e.Op is not ContextConversionOp op)
                continue;
            foreach (string target in e.Receiver.Refs.Where(static r => r.Kind == RefKind.Delegate).SelectMany(r => Targets(context, r.Name)))
            {
                found.TryGetValue(target, out var old);
                found[target] = (old.Atomic || op.Atomic, old.Reclaim || op.Reclaim);
            }
        }
        foreach (var pair in found)
        {
            var contract = context.Program.Contract(pair.Key);
            // What says so itself is judged by that.
            bool atomic = pair.Value.Atomic && !contract.RunsAtomic, reclaim = pair.Value.Reclaim && !contract.RunsInReclaim;
            if (contract.AssumeSafe || !(atomic || reclaim) || context.Bodies.Find(pair.Key) is not { } body)
                continue;
            var reader = context.Summaries.Reader;
            var reaches = body.Events.SelectMany(e => reader.Reaches(body, e).SelectMany(r => reader.Close(body, r)).Select(r => new RootReach(body, e, r))).ToList();
            yield return new Conversions(body, atomic, reclaim, reaches);
        }
    }

    static IEnumerable<string> Targets(FindingContext context, string method) =>
        context.Bodies.WithExternal(context.Program.Resolve(method, "", null, ""), method).Targets.DefaultIfEmpty(method);
}
