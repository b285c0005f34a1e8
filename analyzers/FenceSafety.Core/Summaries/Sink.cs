using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;

namespace FenceSafety.Core.Summaries;

/// <summary>What a chain ends in.</summary>
public abstract record Sink
{
    /// <summary>An effect that is certain. <paramref name="Detail"/> is its kind in a diagnostic's properties.</summary>
    public sealed record Effect(EffectKind Kind, string Detail) : Sink;

    /// <summary>A lock is taken.</summary>
    public sealed record Acquire(Ref Lock, LockMode Mode) : Sink;

    /// <summary>A delegate of the caller is called.</summary>
    public sealed record Invoke(Ref Delegate) : Sink;

    /// <summary>A blocking allocation if the caller's argument has one of these bits.</summary>
    public sealed record AllocateIf(Ref Flags, long Mask) : Sink;

    /// <summary>A member of a type parameter is called; no member: <c>new T()</c>.</summary>
    public sealed record Constrained(string TypeParameter, string? Method, string ReceiverType) : Sink;

    /// <summary>It speaks of the caller and means something else at each call.</summary>
    public bool IsSymbolic => this switch
    {
        Acquire a => a.Lock.IsSymbolic,
        Invoke or AllocateIf => true,
        Constrained => true,
        _ => false,
    };
}
