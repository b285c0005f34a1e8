using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;

namespace FenceSafety.Core.Graph;

/// <summary>
/// While a lock is held something is reached: another lock (an edge of the graph), or an effect (an edge to a context node).
/// </summary>
public sealed record LockEdge(LockClass From, HeldLock Held, Ref HeldRef, Reach Reach, string Body, int Site)
{
    /// <summary>The lock that is reached, or null for an effect.</summary>
    public LockClass? To { get; init; }

    /// <summary>
    /// The bodies in which nothing of it is open any more, sorted: its own, or callers that say which lock is held or what is called under it.
    /// </summary>
    public ImmutableArray<string> Makers { get; init; } = ImmutableArray.Create(Body);

    /// <summary>Made in fence-critical code.</summary>
    public bool Critical { get; init; }

    /// <summary>Made in code that runs in reclaim.</summary>
    public bool InReclaim { get; init; }

    /// <summary>Other locks that are held exclusively at the same time.</summary>
    public ImmutableArray<string> Gates { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>What chains call the body, if that is not what is declared of it.</summary>
    public string? Display { get; init; }

    /// <summary>If the body is elsewhere: the call that the chain begins with instead.</summary>
    public Entry? Through { get; init; }

    public SourceSpan Span => Reach.Chain.Span;

    public EffectKind? Effect => (Reach.Sink as Sink.Effect)?.Kind;
}

/// <summary>Something that atomic context forbids, under a spin lock or in a body declared atomic.</summary>
public sealed record AtomicViolation(string Context, string Body, int Site, Reach Reach)
{
    /// <summary>The class of the spin lock, unless the body is declared atomic or nobody can name the lock.</summary>
    public string? LockClass { get; init; }

    public SourceSpan Span => Reach.Chain.Span;
}
