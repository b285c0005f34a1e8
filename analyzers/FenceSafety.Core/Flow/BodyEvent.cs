using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>One op of a solved body, with what may be held there and what its values may be.</summary>
public sealed class BodyEvent
{
    public required int Site { get; init; }
    public required Op Op { get; init; }

    /// <summary>Locks that may be held when the op begins, regions included.</summary>
    public required ImmutableArray<HeldLock> Held { get; init; }

    /// <summary>Locks of the caller that were given back for sure.</summary>
    public required ImmutableArray<Ref> Released { get; init; }

    public RefSet Receiver { get; init; }
    public ImmutableArray<RefSet> Arguments { get; init; } = ImmutableArray<RefSet>.Empty;

    public SourceSpan Span => Op.Span;

    /// <summary>Inside a region that this body began.</summary>
    public bool InRegion
    {
        get
        {
            foreach (var h in Held)
            {
                if (h.IsRegion)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Inside such a region on every path.</summary>
    public bool SurelyInRegion
    {
        get
        {
            foreach (var h in Held)
            {
                if (h.IsRegion && !h.Uncertain)
                    return true;
            }
            return false;
        }
    }

    /// <summary>A lock is held.</summary>
    public bool UnderLock
    {
        get
        {
            foreach (var h in Held)
            {
                if (h.IsLock)
                    return true;
            }
            return false;
        }
    }

    /// <summary>The same op on another path.</summary>
    public BodyEvent Join(BodyEvent other)
    {
        var arguments = Arguments;
        for (int i = 0; i < arguments.Length; i++)
            arguments = arguments.SetItem(i, arguments[i].Union(other.Arguments[i]));
        return new BodyEvent
        {
            Site = Site,
            Op = Op,
            Held = HeldLock.Join(Held, other.Held),
            Released = Released.Where(other.Released.Contains).ToImmutableArray(),
            Receiver = Receiver.Union(other.Receiver),
            Arguments = arguments,
        };
    }
}

public enum BalanceKind
{
    /// <summary>Still held on some path out.</summary>
    Leak,

    /// <summary>Released where it is held on no path.</summary>
    NotHeld,

    /// <summary>A region that is ended where none was begun.</summary>
    RegionNotBegun,

    /// <summary>A region that is never ended.</summary>
    RegionLeak,

    /// <summary>A call whose <c>[RequiresLock]</c> is not met.</summary>
    Requirement,

    /// <summary>A value that must be consumed is not, on some path.</summary>
    Dropped,

    /// <summary>A reference-counted object blocks after the lock that it was found under was released.</summary>
    Unprotected,

    /// <summary>A snapshot that may have changed is taken for stable.</summary>
    Stale,
}

/// <summary>A lock that is not given back, or given back twice.</summary>
public sealed record BalanceError(BalanceKind Kind, SourceSpan Span, RefSet Lock, string Name);

/// <summary>A body with its flow solved.</summary>
public sealed class SolvedBody
{
    public required MethodFacts Facts { get; init; }
    public required ImmutableArray<BodyEvent> Events { get; init; }
    public required Signature Signature { get; init; }
    public required ImmutableArray<BalanceError> Errors { get; init; }

    /// <summary>Every value that a captured variable is ever given.</summary>
    public required IReadOnlyDictionary<int, RefSet> Captured { get; init; }

    /// <summary>What is stored in fields: (field, value).</summary>
    public required ImmutableArray<(LockInfo Field, RefSet Value)> Stores { get; init; }

    /// <summary>Objects created here that leave the body.</summary>
    public required ImmutableHashSet<int> Escaping { get; init; }
}
