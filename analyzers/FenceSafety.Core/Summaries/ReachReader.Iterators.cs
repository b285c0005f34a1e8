using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>Iterators, where they are enumerated.</summary>
public sealed partial class ReachReader
{
    /// <summary>A query counts as run where it is made: if that is under all that is held here, it is said there.</summary>
    static bool WasSaid(SolvedBody body, Ref query, BodyEvent at)
    {
        if (at.Op is not CallOp { Enumerates: true } || query.Name != body.Facts.Id || body.Events.FirstOrDefault(e => e.Site == query.MadeAt) is not { } made)
            return false;
        foreach (var h in at.Held)
        {
            if (!made.Held.Any(m => m.Site == h.Site && (h.Uncertain || !m.Uncertain)))
                return false;
        }
        return true;
    }

    /// <summary>The bodies of the iterators that a value may be; what else it may be is an object like any other.</summary>
    IEnumerable<Reach> Enumerated(SolvedBody body, RefSet values, Chain? chain, BodyEvent at)
    {
        foreach (var r in values.Refs)
        {
            if (r.Kind is RefKind.Parameter or RefKind.Captured)
            {
                yield return new Reach(new Sink.Invoke(r) { Enumerates = true }, NoCover, NoExcept, false, chain ?? new Chain(at.Span, "the enumeration", null));
                continue;
            }
            if (r.Kind == RefKind.Query)
            {
                var runs = RefSet.Of(r.Base!);
                var behind = WasSaid(body, r, at) ? Enumerable.Empty<Reach>()
                    : r.Enumerates ? Enumerated(body, runs, chain, at) : Invoked(body, runs, chain ?? new Chain(at.Span, "the query", null), at);
                foreach (var reach in behind)
                    yield return reach;
                continue;
            }
            if (r.Kind != RefKind.Delegate)
                continue;
            var substitution = SubstitutionOf(r, ImmutableArray<RefSet>.Empty, body);
            foreach (string target in bodies.WithExternal(program.Resolve(r.Name, "", null, ""), r.Name).Targets)
            {
                summaries.Demand(target, body.Facts.Id);
                if (summaries.Callee(target) != true)
                    continue;
                foreach (var reach in Callee(body, at, null, target, substitution))
                    yield return chain is null ? reach : reach with { Chain = chain.Append(program.Contract(target).Display, reach.Chain.Next) };
            }
        }
    }
}
