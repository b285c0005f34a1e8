using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using FenceSafety.Core.Graph;

namespace FenceSafety.Core.Summaries.External;

/// <summary>The edges of an assembly that its summary tells of.</summary>
static class ExternalBodies
{
    public static ImmutableArray<ExternalBody> Of(FindingContext context, Outward outward, ImmutableArray<ExternalMember> members)
    {
        var edges = new SortedDictionary<string, List<ExternalEdge>>(StringComparer.Ordinal);
        foreach (var e in context.Graph.Edges)
        {
            // Of one class twice, and of what cannot be verified, only who compiles the assembly is told. Unbounded waits make no edge.
            if (e.To?.Name == e.From.Name || e.Effect is EffectKind.Unknown or EffectKind.BlockingWait)
                continue;
            foreach (var reach in outward.Reaches(e.Reach))
                Add(e.Body, new ExternalEdge(e.From, e.Held.Mode, e.Site, Known(reach, e.To)) { To = e.To, Critical = e.Critical, InReclaim = e.InReclaim, Gates = e.Gates });
        }
        foreach (var (root, reclaim) in context.Critical.Select(static r => (r, false)).Concat(context.Reclaim.Select(static r => (r, true))))
        {
            if (root.Reach.Sink is Sink.Call)
            {
                foreach (var reach in outward.Reaches(root.Reach))
                    Add(root.Body.Facts.Id, new ExternalEdge(null, LockMode.Region, root.Event.Site, reach) { Critical = !reclaim, InReclaim = reclaim });
            }
            else if (root.Reach.Sink is Sink.Acquire)
            {
                foreach (var to in context.ClassesOf(root))
                    Add(root.Body.Facts.Id, new ExternalEdge(null, LockMode.Region, root.Event.Site, Known(root.Reach, to)) { To = to, Critical = !reclaim, InReclaim = reclaim });
            }
        }
        var known = new HashSet<string>(members.Where(static m => m.HasBody).Select(static m => m.Id), StringComparer.Ordinal);
        return edges.Select(p => new ExternalBody(
            p.Key, context.Program.Contract(p.Key).Display,
            context.Summaries.Reaching(p.Key).Where(known.Contains).OrderBy(static v => v, StringComparer.Ordinal).ToImmutableArray(),
            p.Value.ToImmutableArray())).ToImmutableArray();

        void Add(string body, ExternalEdge edge)
        {
            if (!edges.TryGetValue(body, out var list))
                edges.Add(body, list = new List<ExternalEdge>());
            list.Add(edge);
        }
    }

    /// <summary>An acquisition is known by its class; whose object the lock is in is nobody's business outside.</summary>
    static Reach Known(Reach reach, LockClass? to)
    {
        if (to is null || reach.Sink is not Sink.Acquire acquire)
            return reach;
        var @lock = Flow.Ref.Field(null, to.Name, new LockInfo(to.Name, to.Display, to.FenceSafe));
        return reach with { Sink = new Sink.Acquire(@lock, acquire.Mode), Except = ImmutableArray<Flow.Ref>.Empty };
    }
}
