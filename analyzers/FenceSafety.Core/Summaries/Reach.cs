using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>A sink that a body reaches, with the shortest chain to it.</summary>
/// <param name="Cover">
/// Lock classes held along the chain below the first hop, sorted: under these locks the report belongs to the body further down.
/// </param>
/// <param name="Except">Locks of the caller that are released before the sink is reached.</param>
/// <param name="EdgeOnly">Reached through a fence-critical callee: it makes edges for locks that are held, and nothing else.</param>
public sealed record Reach(Sink Sink, ImmutableArray<string> Cover, ImmutableArray<Ref> Except, bool EdgeOnly, Chain Chain)
{
    /// <summary>Of the locks that are held at the event, by site: those that a callee gave back before. It says nothing to callers.</summary>
    public ImmutableArray<int> Spent { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>It is known to hold under at least the locks that the other is, and is no longer.</summary>
    public bool Subsumes(Reach other) =>
        EdgeOnly == other.EdgeOnly && Chain.Length <= other.Chain.Length
        && Cover.All(other.Cover.Contains) && Except.All(other.Except.Contains);

    public bool SameAs(Reach other) =>
        Sink.Equals(other.Sink) && EdgeOnly == other.EdgeOnly && Cover.SequenceEqual(other.Cover) && Except.SequenceEqual(other.Except)
        && Chain.Same(Chain, other.Chain);
}

/// <summary>A lock of the caller is held while a sink is reached: an edge that is known only at the call.</summary>
public sealed record Pending(string Body, int Site, HeldLock Held, Ref Lock, Reach Reach)
{
    /// <summary>If <see cref="Body"/> is elsewhere: the call through which the compilation gets there.</summary>
    public Entry? Through { get; init; }

    /// <summary>Callers have something to say of it. Else both ends are known in the body whose summary this is.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>The same but for the chain.</summary>
    public bool IsLike(Pending other) =>
        Body == other.Body && Site == other.Site && Held.Site == other.Held.Site && Lock.Equals(other.Lock)
        && Reach.Sink.Equals(other.Reach.Sink) && Reach.Cover.SequenceEqual(other.Reach.Cover);

    public bool SameAs(Pending other) =>
        Body == other.Body && Site == other.Site && Held.Site == other.Held.Site && Lock.Equals(other.Lock) && Reach.SameAs(other.Reach);
}

/// <summary>A call through which a body gets into another assembly: of what chains call <paramref name="Callee"/>.</summary>
public sealed record Entry(string Body, SourceSpan Span, string Callee);

/// <summary>What one body reaches, in terms of its own parameters.</summary>
public sealed class Summary(ImmutableArray<Reach> reaches, ImmutableArray<Pending> pendings)
{
    public static readonly Summary Empty = new(ImmutableArray<Reach>.Empty, ImmutableArray<Pending>.Empty);

    public ImmutableArray<Reach> Reaches { get; } = reaches;
    public ImmutableArray<Pending> Pendings { get; } = pendings;

    /// <summary>Some edge is the callers' to close.</summary>
    public bool LeavesOpen => Pendings.Any(static p => p.IsOpen);

    /// <summary>All that either says; of each sink one variant, with the chain that it had first.</summary>
    public static Summary Join(Summary old, Summary now)
    {
        var reaches = new Dictionary<Sink, Reach>();
        foreach (var r in old.Reaches.Concat(now.Reaches))
        {
            reaches.TryGetValue(r.Sink, out var known);
            bool edgeOnly = r.EdgeOnly && (known is null || known.EdgeOnly);
            reaches[r.Sink] = (known ?? r) with { Cover = ImmutableArray<string>.Empty, Except = ImmutableArray<Ref>.Empty, EdgeOnly = edgeOnly };
        }
        var pendings = old.Pendings.ToList();
        pendings.AddRange(now.Pendings.Where(p => !pendings.Any(q => q.IsLike(p))));
        return new Summary(reaches.Values.OrderBy(static r => r, Comparer<Reach>.Create(ReachSet.Compare)).ToImmutableArray(), pendings.ToImmutableArray());
    }

    /// <summary>One that leaves edges open is exactly itself: what they hold is not compared.</summary>
    public bool IsExactly(Summary other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (!Pendings.IsEmpty || !other.Pendings.IsEmpty || Reaches.Length != other.Reaches.Length)
            return false;
        for (int i = 0; i < Reaches.Length; i++)
        {
            if (!Reaches[i].SameAs(other.Reaches[i]))
                return false;
        }
        return true;
    }

    public bool SameAs(Summary other)
    {
        if (Reaches.Length != other.Reaches.Length || Pendings.Length != other.Pendings.Length)
            return false;
        for (int i = 0; i < Reaches.Length; i++)
        {
            if (!Reaches[i].SameAs(other.Reaches[i]))
                return false;
        }
        for (int i = 0; i < Pendings.Length; i++)
        {
            if (!Pendings[i].SameAs(other.Pendings[i]))
                return false;
        }
        return true;
    }
}
