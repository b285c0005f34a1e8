using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Graph;

namespace FenceSafety.Core.Summaries.External;

/// <summary>A body of another assembly, visible or not, that makes edges of the lock-order graph.</summary>
/// <param name="Via">The ids of the members through which it can be reached from outside, itself included if it is one.</param>
public sealed record ExternalBody(string Id, string Display, ImmutableArray<string> Via, ImmutableArray<ExternalEdge> Edges);

/// <summary>
/// An edge made in another assembly: <see cref="From"/> is held while the reach's sink is reached. Without a lock that is held it
/// begins at the context node: fence-critical code (<see cref="Critical"/>) or code in reclaim (<see cref="InReclaim"/>) takes
/// <see cref="To"/>.
/// </summary>
public sealed record ExternalEdge(LockClass? From, LockMode Mode, int Site, Reach Reach)
{
    /// <summary>The lock that is taken, if the sink is an acquisition.</summary>
    public LockClass? To { get; init; }

    public bool Critical { get; init; }

    public bool InReclaim { get; init; }

    /// <summary>Other locks that are held exclusively at the same time.</summary>
    public ImmutableArray<string> Gates { get; init; } = ImmutableArray<string>.Empty;
}
