using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>Iterators, where they are enumerated.</summary>
public sealed partial class ReachReader
{
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
