using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FenceSafety.Summaries.Metadata;

/// <summary>A type as a signature spells it. Modifiers and pinning are left out.</summary>
abstract class IlType
{
    string? _docName;

    /// <summary>As in documentation-comment ids: <c>System.Collections.Generic.List{`0}</c>.</summary>
    public string DocName => _docName ??= Build();

    /// <summary>The name by which the engine knows it: type parameters are <c>!0</c> and <c>!!0</c>.</summary>
    public string EngineName => this is TypeParameter p ? (p.OfMethod ? "!!" : "!") + p.Index.ToString(CultureInfo.InvariantCulture) : DocName;

    /// <summary>What messages call it; kept by whoever makes it.</summary>
    public string? Display { get; set; }

    /// <summary>The definition behind a named type, if it is at hand.</summary>
    public TypeNode? Node => (this as NamedType)?.Definition;

    /// <summary>A reference to a place of this type.</summary>
    public ByRefType Reference => _reference ??= new ByRefType(this);

    ByRefType? _reference;

    public IlType WithoutReference => this is ByRefType r ? r.Element : this;

    public bool Is(string name) => this is NamedType n && n.Name == name;

    protected abstract string Build();

    /// <summary>The type with the parameters of its context filled in.</summary>
    public virtual IlType Substitute(ImmutableArray<IlType> ofType, ImmutableArray<IlType> ofMethod) => this;
}

/// <summary>A class, struct, interface, enum or delegate.</summary>
/// <param name="name">The definition's name as in documentation-comment ids, with arities and without arguments.</param>
sealed class NamedType(string name, TypeNode? definition, bool isValueType, ImmutableArray<IlType> arguments) : IlType
{
    public string Name { get; } = name;
    public TypeNode? Definition { get; } = definition;
    public bool IsValueType { get; } = isValueType;
    public ImmutableArray<IlType> Arguments { get; } = arguments;

    public NamedType With(ImmutableArray<IlType> given) => new(Name, Definition, IsValueType, given);

    public override IlType Substitute(ImmutableArray<IlType> ofType, ImmutableArray<IlType> ofMethod)
    {
        if (Arguments.IsEmpty)
            return this;
        var filled = Arguments.Select(a => a.Substitute(ofType, ofMethod)).ToImmutableArray();
        return filled.SequenceEqual(Arguments) ? this : With(filled);
    }

    /// <summary>Each level of a nested type has its own arguments.</summary>
    protected override string Build() => Spell(static a => a.DocName);

    public string Spell(Func<IlType, string> argument)
    {
        if (Arguments.IsEmpty)
            return Name;
        var text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < Name.Length; i++)
        {
            if (Name[i] != '`')
            {
                text.Append(Name[i]);
                continue;
            }
            int end = i + 1;
            while (end < Name.Length && char.IsAsciiDigit(Name[end]))
                end++;
            int arity = int.TryParse(Name.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;
            text.Append('{');
            for (int a = 0; a < arity && next < Arguments.Length; a++)
                text.Append(a == 0 ? "" : ",").Append(argument(Arguments[next++]));
            text.Append('}');
            i = end - 1;
        }
        return text.ToString();
    }
}

sealed class ArrayType(IlType element, int rank) : IlType
{
    public IlType Element { get; } = element;
    public int Rank { get; } = rank;

    protected override string Build() =>
        Element.DocName + (Rank == 1 ? "[]" : "[" + string.Join(",", Enumerable.Repeat("0:", Rank)) + "]");

    public override IlType Substitute(ImmutableArray<IlType> ofType, ImmutableArray<IlType> ofMethod) =>
        Element.Substitute(ofType, ofMethod) is var e && e == Element ? this : new ArrayType(e, Rank);
}

sealed class PointerType(IlType element) : IlType
{
    public IlType Element { get; } = element;

    protected override string Build() => Element.DocName + "*";
}

sealed class ByRefType(IlType element) : IlType
{
    public IlType Element { get; } = element;

    protected override string Build() => Element.DocName + "@";

    public override IlType Substitute(ImmutableArray<IlType> ofType, ImmutableArray<IlType> ofMethod) =>
        Element.Substitute(ofType, ofMethod) is var e && e == Element ? this : new ByRefType(e);
}

sealed class TypeParameter(bool ofMethod, int index) : IlType
{
    public bool OfMethod { get; } = ofMethod;
    public int Index { get; } = index;

    protected override string Build() => (OfMethod ? "``" : "`") + Index.ToString(CultureInfo.InvariantCulture);

    public override IlType Substitute(ImmutableArray<IlType> ofType, ImmutableArray<IlType> ofMethod)
    {
        var from = OfMethod ? ofMethod : ofType;
        return from.IsDefault || Index >= from.Length ? this : from[Index];
    }
}

sealed class FunctionPointerType : IlType
{
    public static readonly FunctionPointerType Instance = new();

    // What the compiler writes for one.
    protected override string Build() => "";
}
