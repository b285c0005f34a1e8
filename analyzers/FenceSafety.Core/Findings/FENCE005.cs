using FenceSafety.Core.Graph;

namespace FenceSafety.Core.Findings;

/// <summary>Lock-order inversion: a cycle of lock classes only.</summary>
static class FENCE005
{
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        var cycles = new CycleFinder(context.Graph);
        foreach (var e in context.Graph.Edges)
        {
            if (e.To is null || !(context.Scope.Covers(e.Body) || context.Scope.CoversLock(e.From.Name)))
                continue;
            string? text = e.To.Name == e.From.Name ? Self(e) : Inversion(context, cycles, e);
            if (text is null)
                continue;
            string chain = Message.Spell(context, e);
            yield return new Finding("FENCE005", e.Span, text + ": " + chain, Message.Hops(e.Reach.Chain))
            {
                Properties = Message.Properties("order", e.Reach.Chain.Sink, e.To.Name, chain),
            };
        }
    }

    static string? Self(LockEdge e) => CycleFinder.SelfEdge(e) is { } wrong ? "Lock " + e.From.Display + " " + wrong : null;

    static string? Inversion(FindingContext context, CycleFinder cycles, LockEdge e)
    {
        if (context.Graph.IsDeclared(e.From.Name, e.To!.Name) || cycles.CycleThrough(e) is not { } path)
            return null;
        return "Lock-order inversion: " + e.To.Display + " is taken while " + e.From.Display + " is held, elsewhere the order is "
            + string.Join(" → ", path.Select(context.Graph.Display));
    }
}
