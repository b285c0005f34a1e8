using System.Collections.Immutable;
using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

/// <summary>Where a lock that a body still holds on return is left.</summary>
public enum HandOver
{
    /// <summary>Just held.</summary>
    Plain,

    /// <summary>Held by the guard that is returned or created.</summary>
    Result,

    /// <summary>Held by the guard in an out parameter.</summary>
    OutParameter,
}

/// <summary>A lock that a call leaves held.</summary>
/// <param name="OnResult">Only if the call returned this boolean; null: in any case.</param>
public sealed record HeldOnReturn(RefSet Lock, LockMode Mode, string Api, bool? OnResult, HandOver HandOver, int Parameter)
{
    /// <summary>Only on some paths, and the result does not tell.</summary>
    public bool Uncertain { get; init; }
}

/// <summary>What a call does to the locks and values of its caller, in terms of the callee's parameters.</summary>
public sealed record Signature(
    ImmutableArray<HeldOnReturn> Held,
    ImmutableArray<Ref> Released,
    RefSet Returns,
    ImmutableArray<int> DisposedParameters)
{
    public static readonly Signature Empty = new(ImmutableArray<HeldOnReturn>.Empty, ImmutableArray<Ref>.Empty, RefSet.Empty, ImmutableArray<int>.Empty);

    /// <summary>What is left in out and ref parameters.</summary>
    public ImmutableArray<(int Parameter, RefSet Value)> OutValues { get; init; } = ImmutableArray<(int, RefSet)>.Empty;

    /// <summary>
    /// Counted objects that are given back (parameter -1: the result) after the lock under which they were found was released, without a
    /// reference on them.
    /// </summary>
    public ImmutableArray<(int Parameter, string Display)> Found { get; init; } = ImmutableArray<(int, string)>.Empty;

    /// <summary>Callers need to know: it takes or gives locks, or gives back what was found under one, and does not just return a value.</summary>
    public bool ChangesLocks => !Held.IsEmpty || !Released.IsEmpty || !DisposedParameters.IsEmpty || !Found.IsEmpty;

    public bool SameAs(Signature other) => SameLocks(other) && SameValues(other);

    /// <summary>Alike in what every caller sees.</summary>
    public bool SameLocks(Signature other) =>
        Held.SequenceEqual(other.Held) && Released.SequenceEqual(other.Released) && DisposedParameters.SequenceEqual(other.DisposedParameters)
        && Found.SequenceEqual(other.Found);

    /// <summary>Alike in what is seen by callers that take what is given back for a lock.</summary>
    public bool SameValues(Signature other) => Returns.Equals(other.Returns) && OutValues.SequenceEqual(other.OutValues);
}
