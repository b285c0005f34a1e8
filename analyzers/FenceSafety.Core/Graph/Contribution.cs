using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Graph;

/// <summary>A reach of one event, closed: what flows to parameters is filled in.</summary>
public sealed record RootReach(SolvedBody Body, BodyEvent Event, Reach Reach);

/// <summary>All that one body says to the rules. Several may say the same edge, of a body that they call: the best chain counts.</summary>
public sealed record Contribution(SolvedBody Body)
{
    public string Id => Body.Facts.Id;

    public required ImmutableArray<LockEdge> Edges { get; init; }

    public required ImmutableArray<AtomicViolation> Atomic { get; init; }

    /// <summary>What fence-critical code reaches, first hop by first hop.</summary>
    public required ImmutableArray<RootReach> Critical { get; init; }

    /// <summary>The same for code that runs in reclaim.</summary>
    public required ImmutableArray<RootReach> Reclaim { get; init; }

    /// <summary>A delegate becomes fence-critical in it, or one that runs in atomic context or in reclaim.</summary>
    public bool Converts { get; } = Body.Events.Any(static e => e.Op is CriticalConversionOp or ContextConversionOp);

    public bool IsEmpty => Edges.IsEmpty && Atomic.IsEmpty && Critical.IsEmpty && Reclaim.IsEmpty && Body.Errors.IsEmpty && !Converts;
}
