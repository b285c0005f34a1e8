using System.Collections.Immutable;
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
    public sealed record Invoke(Ref Delegate) : Sink
    {
        /// <summary>What is given is enumerated: its body runs if it is an iterator, and anything else is no affair of this call.</summary>
        public bool Enumerates { get; init; }
    }

    /// <summary>A blocking allocation if the caller's argument has one of these bits.</summary>
    public sealed record AllocateIf(Ref Flags, long Mask) : Sink;

    /// <summary>A member of a type parameter is called; no member: <c>new T()</c>.</summary>
    public sealed record Constrained(string TypeParameter, string? Method, string ReceiverType) : Sink;

    /// <summary>
    /// A member of another assembly is called, of which only whoever reads the summary may know more. Only in summaries that are
    /// made to be written: who reads one asks for the member at once.
    /// </summary>
    public sealed record Call(string Method, RefSet Receiver, ImmutableArray<RefSet> Arguments, ImmutableArray<string> TypeArguments) : Sink
    {
        /// <summary>The receiver's static type, if the call is virtual.</summary>
        public string? ReceiverType { get; init; }

        /// <summary>See <see cref="CallTarget.Virtual.DeclaredIn"/>.</summary>
        public string DeclaredIn { get; init; } = "";

        /// <summary>See <see cref="CallOp.Enumerates"/>.</summary>
        public bool Enumerates { get; init; }

        /// <summary>Something is known of the member already: if nobody knows more, that is no unknown call.</summary>
        public bool Known { get; init; }

        public CallTarget Target => ReceiverType is null
            ? new CallTarget.Exact(Method, TypeArguments)
            : new CallTarget.Virtual(Method, ReceiverType, TypeArguments) { DeclaredIn = DeclaredIn };

        public bool Equals(Call? other) =>
            other is not null && Method == other.Method && ReceiverType == other.ReceiverType && DeclaredIn == other.DeclaredIn
            && Enumerates == other.Enumerates && Known == other.Known && Receiver.Equals(other.Receiver)
            && Arguments.SequenceEqual(other.Arguments) && TypeArguments.SequenceEqual(other.TypeArguments);

        public override int GetHashCode() => (StringComparer.Ordinal.GetHashCode(Method) * 397 ^ Receiver.GetHashCode()) * 397 ^ Arguments.Length;

        public override string ToString() =>
            string.Join(" ", "Call", Method, ReceiverType, DeclaredIn, Enumerates, Known, Receiver, string.Join(" ", Arguments), string.Join(" ", TypeArguments));
    }

    /// <summary>It speaks of the caller and means something else at each call.</summary>
    public bool IsSymbolic => this switch
    {
        Acquire a => a.Lock.IsSymbolic,
        Invoke or AllocateIf => true,
        Constrained => true,
        Call c => c.Arguments.Any(static a => a.Refs.Any(SpeaksOfCaller)) || c.TypeArguments.Any(static t => t.IndexOf("=!", StringComparison.Ordinal) >= 0),
        _ => false,
    };

    /// <summary>It depends on what is passed to this parameter.</summary>
    public bool SpeaksOf(int parameter)
    {
        bool IsOf(Ref? r)
        {
            while (r?.Base is not null)
                r = r.Base;
            return r is { Kind: RefKind.Parameter } && r.Index == parameter;
        }
        return this switch
        {
            Acquire a => IsOf(a.Lock),
            Invoke i => IsOf(i.Delegate),
            AllocateIf f => IsOf(f.Flags),
            Call c => c.Receiver.Refs.Any(IsOf) || c.Arguments.Any(a => a.Refs.Any(IsOf)),
            _ => false,
        };
    }

    /// <summary>A field of the caller's object is the same class whoever calls.</summary>
    static bool SpeaksOfCaller(Ref r) => r.Kind switch
    {
        RefKind.Parameter or RefKind.Captured => true,
        RefKind.Element or RefKind.Delegate or RefKind.Query => r.Base is not null && SpeaksOfCaller(r.Base),
        _ => false,
    };
}
