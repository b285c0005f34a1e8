using System.Collections.Immutable;

namespace FenceSafety.Summaries.Framework;

/// <summary>What calling a framework member does to the managed heap, and which code of the caller's it runs. Only ever grows.</summary>
sealed class Effects
{
    /// <summary>A member that calls more members of type parameters than this calls unknown code.</summary>
    const int MaxConstrained = 48;

    const byte Never = 255;

    /// <summary>All kinds of allocation that front ends name.</summary>
    static readonly string[] AllKinds =
        ["array", "async", "boxing", "closure", "collection", "delegate", "enumerator", "growth", "iterator", "linq", "object", "other", "string", "task"];

    byte[] _distances = [];
    HashSet<(string Parameter, string Member)>? _constrained;

    public bool Unknown => Cause is not null;

    /// <summary>The first call that made it unknown: a member without a body, one that code outside may override, or a callee that is unknown.</summary>
    public string? Cause { get; private set; }

    /// <summary>Parameters of which it calls members, comparers and collections, as bits.</summary>
    public ulong Uses { get; private set; }

    /// <summary>Parameters that are delegates and are called, as bits.</summary>
    public ulong Invokes { get; private set; }

    public IReadOnlyCollection<(string Parameter, string Member)> Constrained => _constrained ?? (IReadOnlyCollection<(string, string)>)[];

    /// <summary>Kinds of allocation with the least number of calls to one.</summary>
    public IEnumerable<(string Kind, int Distance)> Kinds
    {
        get
        {
            for (int i = 0; i < _distances.Length; i++)
            {
                if (_distances[i] != Never)
                    yield return (AllKinds[i], _distances[i]);
            }
        }
    }

    public bool Kind(string kind, int distance)
    {
        int index = Array.IndexOf(AllKinds, kind);
        return index >= 0 ? Kind(index, distance) : throw new ArgumentException("there is no kind of allocation called " + kind, nameof(kind));
    }

    bool Kind(int index, int distance)
    {
        if (_distances.Length == 0)
            Array.Fill(_distances = new byte[AllKinds.Length], Never);
        if (distance >= _distances[index])
            return false;
        _distances[index] = (byte)distance;
        return true;
    }

    public bool Open(string cause)
    {
        if (Unknown)
            return false;
        Cause = cause;
        return true;
    }

    public bool Use(ulong parameters)
    {
        ulong old = Uses;
        Uses |= parameters;
        return Uses != old;
    }

    public bool Invoke(int parameter)
    {
        if (parameter > 63)
            return Open("parameter 64");
        ulong old = Invokes;
        Invokes |= 1UL << parameter;
        return Invokes != old;
    }

    public bool Constrain(string parameter, string member) =>
        (_constrained ??= []).Count < MaxConstrained ? _constrained.Add((parameter, member)) : !_constrained.Contains((parameter, member)) && Open("members of type parameters");

    /// <summary>The allocations and the unknown of a callee.</summary>
    public bool Include(Effects callee, string name)
    {
        bool changed = callee.Unknown && Open(name);
        for (int i = 0; i < callee._distances.Length; i++)
        {
            if (callee._distances[i] < Never - 1)
                changed |= Kind(i, callee._distances[i] + 1);
        }
        return changed;
    }
}
