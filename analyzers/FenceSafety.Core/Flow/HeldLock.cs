using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>A slot and the value that it has if the lock is held: true, false, or (null) not null.</summary>
public readonly record struct HeldCondition(int Slot, bool? Value);

/// <summary>A lock that may be held, since the acquisition at <see cref="Site"/>.</summary>
public sealed record HeldLock(int Site, RefSet Lock, LockMode Mode, SourceSpan Span, string Api)
{
    /// <summary>Nesting of acquisitions of the same lock: a release undoes the innermost.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Each of these holds if the lock is held.</summary>
    public ImmutableHashSet<HeldCondition> Conditions { get; init; } = ImmutableHashSet<HeldCondition>.Empty;

    /// <summary>Somebody else will release it: the guard was returned or stored, or the caller holds it.</summary>
    public bool HandedOn { get; init; }

    /// <summary>The stretch of source that it is held in, or 0.</summary>
    public int Scope { get; init; }

    /// <summary>A lock of the caller that was given back, and taken again for the caller.</summary>
    public bool Retaken { get; init; }

    /// <summary>Held when the body began (<c>[RequiresLock]</c>).</summary>
    public bool OnEntry { get; init; }

    /// <summary>On another path to here it is not held; a test of a condition's slot settles it.</summary>
    public bool Uncertain { get; init; }

    /// <summary>The slot that a value which must be consumed was made into, or -1.</summary>
    public int MadeInto { get; init; } = -1;

    /// <summary>A value that must be consumed, while the last one that was made here has not been.</summary>
    public bool Again { get; init; }

    /// <summary>A value that must be consumed, and that nothing refers to any more.</summary>
    public bool Lost { get; init; }

    /// <summary>A loop came back to the acquisition while it was held: an earlier one may be left when this one is given back.</summary>
    public bool Repeated { get; init; }

    public bool IsRegion => Mode.Kind == LockKind.Region;

    /// <summary>A lock, and neither a region nor a value that must be consumed.</summary>
    public bool IsLock => Mode.Kind is LockKind.Sleeping or LockKind.Spin;

    public HeldLock Join(HeldLock other) => this with
    {
        Lock = Lock.Union(other.Lock),
        Depth = Math.Max(Depth, other.Depth),
        Conditions = Conditions.Intersect(other.Conditions),
        HandedOn = HandedOn && other.HandedOn,
        Uncertain = Uncertain || other.Uncertain,
        Lost = Lost || other.Lost,
        Again = Again || other.Again,
        Repeated = Repeated || other.Repeated,
    };

    /// <summary>What may be left of it when it is given back.</summary>
    public HeldLock Earlier() => this with { Uncertain = true, Depth = 1, Conditions = ImmutableHashSet<HeldCondition>.Empty };

    HeldLock OnOnePath() => Uncertain ? this : this with { Uncertain = true };

    /// <summary>What may be held where two paths meet, sorted by site.</summary>
    public static ImmutableArray<HeldLock> Join(ImmutableArray<HeldLock> one, ImmutableArray<HeldLock> other)
    {
        if (one.IsEmpty && other.IsEmpty)
            return one;
        var held = one.ToDictionary(static h => h.Site, static h => h.OnOnePath());
        var mine = one.ToDictionary(static h => h.Site);
        foreach (var h in other)
            held[h.Site] = mine.TryGetValue(h.Site, out var same) ? same.Join(h) : h.OnOnePath();
        return held.Values.OrderBy(static h => h.Site).ToImmutableArray();
    }

    public bool SameAs(HeldLock other) =>
        Site == other.Site && Depth == other.Depth && HandedOn == other.HandedOn && OnEntry == other.OnEntry && Retaken == other.Retaken && Uncertain == other.Uncertain && Lost == other.Lost && Again == other.Again && Repeated == other.Repeated && Mode == other.Mode
        && Lock.Equals(other.Lock) && Conditions.SetEquals(other.Conditions);
}
