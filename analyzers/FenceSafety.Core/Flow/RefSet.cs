using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>Everything that a value may be: a small sorted set of <see cref="Ref"/>s. Empty: nothing of interest.</summary>
public readonly struct RefSet : IEquatable<RefSet>
{
    /// <summary>A value that may be more things than this is unknown besides the first of them.</summary>
    const int MaxCount = 24;

    readonly ImmutableArray<Ref> _refs;

    RefSet(ImmutableArray<Ref> refs) => _refs = refs;

    public static readonly RefSet Empty = new(ImmutableArray<Ref>.Empty);

    public ImmutableArray<Ref> Refs => _refs.IsDefault ? ImmutableArray<Ref>.Empty : _refs;
    public bool IsEmpty => _refs.IsDefaultOrEmpty;
    public int Count => IsEmpty ? 0 : _refs.Length;

    public static RefSet Of(Ref single) => new(ImmutableArray.Create(single));

    public static RefSet Of(IEnumerable<Ref> refs)
    {
        var sorted = refs.Distinct().ToList();
        sorted.Sort();
        if (sorted.Count > MaxCount)
        {
            sorted.RemoveRange(MaxCount, sorted.Count - MaxCount);
            if (!sorted.Contains(Ref.Unknown))
                sorted.Add(Ref.Unknown);
        }
        return new RefSet(sorted.ToImmutableArray());
    }

    public RefSet Union(RefSet other)
    {
        if (other.IsEmpty || Equals(other))
            return this;
        return IsEmpty ? other : Of(Refs.Concat(other.Refs));
    }

    public RefSet Select(Func<Ref, Ref> map) => IsEmpty ? this : Of(Refs.Select(map));

    public bool Contains(Ref r) => Refs.Contains(r);

    /// <summary>The value if it is one boolean constant.</summary>
    public bool? AsBoolean()
    {
        if (Count != 1)
            return null;
        return Refs[0].IsBoolean(true) ? true : Refs[0].IsBoolean(false) ? false : null;
    }

    /// <summary>The bits if the value is one constant.</summary>
    public long? AsBits() => Count == 1 && Refs[0].Kind == RefKind.Constant && Refs[0].Index == (int)ConstantKind.Bits ? Refs[0].Bits : null;

    public bool Equals(RefSet other)
    {
        if (Count != other.Count)
            return false;
        for (int i = 0; i < Count; i++)
        {
            if (!_refs[i].Equals(other._refs[i]))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => obj is RefSet other && Equals(other);

    public override int GetHashCode()
    {
        int hash = Count;
        foreach (var r in Refs)
            hash = hash * 31 ^ r.GetHashCode();
        return hash;
    }

    public override string ToString() => "{" + string.Join(", ", Refs) + "}";
}
