using System.Collections.Immutable;

namespace FenceSafety.Core.Facts;

/// <summary>One step of a body, in evaluation order.</summary>
public abstract record Op(SourceSpan Span);

/// <summary>A slot takes a value.</summary>
public sealed record AssignOp(SourceSpan Span, int Slot, Value Value) : Op(Span);

/// <summary>A value is stored in a field of <paramref name="Target"/> (null: somewhere else outside the body).</summary>
public sealed record StoreOp(SourceSpan Span, Value? Target, LockInfo? Field, Value Value) : Op(Span);

/// <summary>A call; <paramref name="Result"/> is the slot that takes the result, or -1.</summary>
public sealed record CallOp(SourceSpan Span, CallTarget Target, Value? Receiver, ImmutableArray<Value> Arguments, int Result) : Op(Span)
{
    /// <summary>Slots that take what out and ref parameters give back, by parameter.</summary>
    public ImmutableArray<(int Parameter, int Slot)> OutSlots { get; init; } = ImmutableArray<(int, int)>.Empty;

    /// <summary>Of <see cref="OutSlots"/>, those that keep what they had if the callee assigns nothing.</summary>
    public ImmutableArray<int> RefParameters { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>A creation: the result is a new object of this type.</summary>
    public string? Creates { get; init; }

    /// <summary>The created or returned object can be disposed.</summary>
    public bool ResultIsDisposable { get; init; }

    /// <summary>The call is the disposal of its receiver.</summary>
    public bool IsDispose { get; init; }

    /// <summary>If nobody knows the receiver, this call is no news: another one on the same object was reported.</summary>
    public bool Quiet { get; init; }

    /// <summary>Everything that a closed callee calls back is said beside it.</summary>
    public bool CallbacksKnown { get; init; }

    /// <summary>Nothing is called: only what the callee would return is asked for.</summary>
    public bool IsLookUp { get; init; }

    /// <summary>What the result is if the callee says nothing more.</summary>
    public Value ResultType { get; init; } = Value.None;

    /// <summary>The call runs the callee's iterator or deferred body as well as creating it.</summary>
    public bool Enumerates { get; init; }

    /// <summary>
    /// Delegate parameters that the result calls when it is enumerated: a query of the framework, which enumerates its other arguments then.
    /// </summary>
    public ImmutableArray<int> Deferred { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>The call makes such a query, with or without delegates.</summary>
    public bool IsQuery { get; init; }

    /// <summary>If it is no iterator, what is enumerated cannot be verified.</summary>
    public bool OrUnknown { get; init; }
}

/// <summary>A lock is taken or a region begins.</summary>
/// <param name="Result">The slot that is true if a try succeeded, or -1.</param>
/// <param name="Guard">The slot that holds the guard, or -1.</param>
public sealed record AcquireOp(SourceSpan Span, Value Lock, LockMode Mode, int Result, int Guard, string Api) : Op(Span)
{
    /// <summary>It is no try: the result is always true.</summary>
    public bool Certain { get; init; }

    /// <summary>Held exactly as long as control is inside a stretch of source (see <see cref="ScopeOp"/>); 0: until it is released.</summary>
    public int Scope { get; init; }
}

/// <summary>A lock is given back or a region ends.</summary>
public sealed record ReleaseOp(SourceSpan Span, Value Lock, LockMode Mode) : Op(Span)
{
    /// <summary>Only what was acquired in this mode can be given back this way: a read lock, a write lock.</summary>
    public bool Exactly { get; init; }
}

/// <summary>An effect of the body itself: a managed allocation, or something that cannot be verified.</summary>
public sealed record EffectOp(SourceSpan Span, EffectKind Effect, string Detail, string Sink) : Op(Span);

/// <summary>The body returns this value.</summary>
public sealed record ReturnOp(SourceSpan Span, Value Value) : Op(Span);

/// <summary>Held from here on without being acquired: <c>[RequiresLock]</c> on this body.</summary>
public sealed record HeldOnEntryOp(SourceSpan Span, Value Lock, LockMode Mode) : Op(Span);

/// <summary>The caller of a <c>[RequiresLock]</c> member must hold this lock here.</summary>
public sealed record RequireOp(SourceSpan Span, Value Lock, string Callee) : Op(Span);

/// <summary>What code may do that a critical section, a spin lock or a lock class cares about.</summary>
public enum EffectKind
{
    BlockingAllocation,
    FenceWait,
    BlockingWait,
    ManagedAllocation,
    Unknown,
}

/// <summary>What is called.</summary>
public abstract record CallTarget
{
    /// <summary>Exactly this member.</summary>
    public sealed record Exact(string Method, ImmutableArray<string> TypeArguments) : CallTarget;

    /// <summary>A virtual, abstract or interface member, of a receiver of this static type.</summary>
    public sealed record Virtual(string Method, string ReceiverType, ImmutableArray<string> TypeArguments) : CallTarget
    {
        /// <summary>The member's type as it is called, with its type arguments.</summary>
        public string DeclaredIn { get; init; } = "";
    }

    /// <summary>The receiver is a delegate value. <paramref name="Type"/> may carry a contract.</summary>
    public sealed record Invoke(string Type, string Display) : CallTarget;

    /// <summary>A member of a type parameter (<c>!0</c> of the type, <c>!!0</c> of the method); no member: <c>new T()</c>.</summary>
    public sealed record Constrained(string TypeParameter, string? Method, string ReceiverType) : CallTarget;
}

/// <summary>A method group or delegate value becomes a fence-critical delegate, called <paramref name="Contract"/> in messages.</summary>
public sealed record CriticalConversionOp(SourceSpan Span, Value Delegate, string Contract) : Op(Span);

/// <summary>A method group becomes a delegate that runs in atomic context, or in reclaim.</summary>
public sealed record ContextConversionOp(SourceSpan Span, Value Delegate, bool Atomic, bool Reclaim) : Op(Span);

/// <summary>A guard is disposed whose type says which of its fields it releases.</summary>
public sealed record GuardDisposeOp(SourceSpan Span, Value Guard, Value Lock) : Op(Span);

/// <summary>A value is consumed: passed to a <c>[Consumes]</c> parameter, or the receiver of a <c>[Consumes]</c> method.</summary>
public sealed record ConsumeOp(SourceSpan Span, Value Value) : Op(Span);

/// <summary>A <c>[RefCounted]</c> object is read out of something that is no parameter.</summary>
public sealed record FoundOp(SourceSpan Span, int Slot, string Display) : Op(Span);

/// <summary>A reference is taken on an object; if <paramref name="Result"/> is no -1, only where that slot is true.</summary>
public sealed record TakeReferenceOp(SourceSpan Span, Value Object, int Result) : Op(Span);

/// <summary>A reference is given back.</summary>
public sealed record PutReferenceOp(SourceSpan Span, Value Object) : Op(Span);

/// <summary>The code blocks on an object, or on a lock inside it.</summary>
public sealed record BlocksOnOp(SourceSpan Span, Value Object) : Op(Span);

/// <summary>A <c>[Snapshot]</c> value is read.</summary>
public sealed record SnapshotOp(SourceSpan Span, int Slot, string Display) : Op(Span);

/// <summary>A value reaches a <c>[RequiresStable]</c> parameter; no lock: any will do.</summary>
public sealed record RequireStableOp(SourceSpan Span, Value Value, Value? Lock) : Op(Span);

/// <summary>Control is inside these stretches of source: locks of others have been released.</summary>
public sealed record ScopeOp(SourceSpan Span, ImmutableArray<int> Active) : Op(Span);
