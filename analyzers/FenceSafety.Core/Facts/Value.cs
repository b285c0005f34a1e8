using System.Collections.Immutable;

namespace FenceSafety.Core.Facts;

/// <summary>
/// What an expression may evaluate to, as far as locks, guards, delegates and flags are concerned, said without syntax.
/// Slots are the variables of a member, shared by the bodies nested in it; everything of no interest is <see cref="None"/>.
/// </summary>
public abstract record Value
{
    /// <summary>Nothing that can be locked, called or tested.</summary>
    public static readonly Value None = new NoValue();

    public sealed record NoValue : Value;

    /// <summary>A local, parameter or temporary of the member. <paramref name="Owner"/> is the body that declares it.</summary>
    public sealed record Slot(string Owner, int Index) : Value;

    /// <summary>The receiver of this body.</summary>
    public sealed record This : Value
    {
        public static readonly This Instance = new();
    }

    /// <summary>A field or auto-property; no base if it is static.</summary>
    public sealed record Field(Value? Base, string Id, LockInfo Lock, Value? Literal = null) : Value;

    /// <summary>An element of an array or collection: the same lock class as the array, another instance.</summary>
    public sealed record Element(Value Base) : Value;

    /// <summary><c>typeof(T)</c>.</summary>
    public sealed record TypeOf(string TypeId, string Display) : Value;

    /// <summary>A constant: a boolean, null, or the bits of an integer or enum.</summary>
    public sealed record Constant(ConstantKind Kind, long Bits) : Value
    {
        public static readonly Constant True = new(ConstantKind.Boolean, 1);
        public static readonly Constant False = new(ConstantKind.Boolean, 0);
        public static readonly Constant Null = new(ConstantKind.Null, 0);
    }

    /// <summary>A delegate: a method group with its receiver, or a nested body.</summary>
    public sealed record Delegate(string Method, Value? Receiver) : Value;

    /// <summary>Any of these.</summary>
    public sealed record AnyOf(ImmutableArray<Value> Values) : Value;

    /// <summary>The boolean negation of a slot.</summary>
    public sealed record Not(Value Operand) : Value;

    /// <summary>Is a slot not null?</summary>
    public sealed record NonNull(Value Operand) : Value;

    /// <summary>An object nothing more is known of than its static type.</summary>
    /// <param name="TypeId">The type, if it is declared in source and is not <c>object</c>; else null.</param>
    public sealed record Opaque(string? TypeId, string Display) : Value;
}

public enum ConstantKind
{
    Boolean,
    Null,
    Bits,
}
