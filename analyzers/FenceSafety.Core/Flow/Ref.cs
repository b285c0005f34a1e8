using FenceSafety.Core.Facts;

namespace FenceSafety.Core.Flow;

public enum RefKind
{
    /// <summary>The i-th parameter of the body; -1 is the receiver.</summary>
    Parameter,

    /// <summary>A variable that a nested body captures, named by the body that declares it.</summary>
    Captured,

    /// <summary>A field of another reference, or a static field.</summary>
    Field,
    Element,
    TypeOf,

    /// <summary>An object created at this site.</summary>
    Fresh,

    /// <summary>The guard of an acquisition.</summary>
    Guard,

    /// <summary>A reference-counted object as it was found at this site.</summary>
    Found,

    /// <summary>A snapshot as it was read at this site.</summary>
    Snapshot,
    Delegate,
    Constant,

    /// <summary>What a call returned that is not known better.</summary>
    CallResult,

    /// <summary>Only the static type is known, or not even that.</summary>
    Opaque,

    /// <summary>A query, made at this site: enumerating it calls a delegate, or runs an iterator.</summary>
    Query,
}

/// <summary>One thing that a value may be. Immutable, compared by structure, totally ordered.</summary>
public sealed class Ref : IEquatable<Ref>, IComparable<Ref>
{
    /// <summary>Bases are followed this deep; beyond, the object is opaque.</summary>
    const int MaxDepth = 4;

    const int ResultsPerCall = 64;

    readonly int _hash;

    Ref(RefKind kind, string name, int index = 0, Ref? @base = null, LockInfo? info = null, string display = "")
    {
        Kind = kind;
        Name = name;
        Index = index;
        Base = @base;
        Info = info;
        Display = display;
        Depth = @base is null ? 0 : @base.Depth + 1;
        _hash = ((((int)kind * 397) ^ StringComparer.Ordinal.GetHashCode(name)) * 397 ^ index) * 397 ^ (@base?._hash ?? 0);
    }

    public RefKind Kind { get; }
    public string Name { get; }
    public int Index { get; }
    public Ref? Base { get; }
    public LockInfo? Info { get; }
    public string Display { get; }
    int Depth { get; }

    public static readonly Ref Receiver = new(RefKind.Parameter, "", -1);
    public static readonly Ref Unknown = new(RefKind.Opaque, "");

    public static Ref Parameter(int index) => index < 0 ? Receiver : new(RefKind.Parameter, "", index);
    public static Ref Captured(string owner, int slot) => new(RefKind.Captured, owner, slot);
    public static Ref Field(Ref? @base, string id, LockInfo info) =>
        new(RefKind.Field, id, 0, @base is { Depth: >= MaxDepth } ? Unknown : @base, info, info.Display);
    public static Ref Element(Ref array) => array.Depth >= MaxDepth ? Unknown : new(RefKind.Element, "", 0, array);
    public static Ref TypeOf(string type, string display) => new(RefKind.TypeOf, type, display: display);
    public static Ref Fresh(int site, string type) => new(RefKind.Fresh, type, site);
    public static Ref Guard(int site) => new(RefKind.Guard, "", site);
    public static Ref Found(int site, string display) => new(RefKind.Found, "", site, display: display);
    public static Ref Snapshot(int site, string display) => new(RefKind.Snapshot, "", site, display: display);
    public static Ref Delegate(string method, string owner, Ref? receiver) => new(RefKind.Delegate, method, 0, receiver, display: owner);

    /// <summary>What enumerating a query runs.</summary>
    /// <param name="runs">A delegate that it calls, or what may be an iterator that it enumerates.</param>
    /// <param name="enumerates">Which of the two.</param>
    /// <param name="body">The body that makes it, or nothing.</param>
    /// <param name="site">Where.</param>
    public static Ref Query(Ref runs, bool enumerates, string body, int site) =>
        runs.Depth >= MaxDepth ? Unknown : new(RefKind.Query, body, enumerates ? -1 - site : site, runs);

    public static Ref Constant(ConstantKind kind, long bits) => new(RefKind.Constant, bits.ToString(System.Globalization.CultureInfo.InvariantCulture), (int)kind);
    /// <summary>What a call gives back: its result (parameter -1), or what it leaves in an out or ref argument.</summary>
    public static Ref CallResult(string body, int site, int parameter, string? type, string display) =>
        new(RefKind.CallResult, body, site * ResultsPerCall + Math.Min(parameter + 1, ResultsPerCall - 1), type is null ? null : Opaque(type, display));
    public static Ref Opaque(string? type, string display) => type is null ? Unknown : new(RefKind.Opaque, type, display: display);

    /// <summary>An object that a callee created: of exactly this type.</summary>
    public static Ref Made(string type, string display) => new(RefKind.Opaque, type, 1, display: display);

    /// <summary>Of a query: it enumerates what it runs.</summary>
    public bool Enumerates => Index < 0;

    /// <summary>Of a query: where it is made.</summary>
    public int MadeAt => Index < 0 ? -1 - Index : Index;

    /// <summary>It is a delegate or an iterator, or what a caller makes one of.</summary>
    public static bool MayRun(Ref r) => r.Kind is RefKind.Delegate or RefKind.Parameter or RefKind.Captured or RefKind.Query;

    /// <summary>Its type is known, not only a base of it.</summary>
    public bool IsExact => Kind == RefKind.Fresh || (Kind == RefKind.Opaque && Index == 1);

    /// <summary>Says where a value came from, and nothing of what it is.</summary>
    public bool IsOrigin => Kind is RefKind.Guard or RefKind.Found or RefKind.Snapshot || (Base is not null && Base.IsOrigin);

    /// <summary>It speaks of a parameter, the receiver or a captured variable, and so of the caller.</summary>
    public bool IsSymbolic => Kind is RefKind.Parameter or RefKind.Captured || (Base is not null && Base.IsSymbolic);

    public int CallSite => Index / ResultsPerCall;

    public int CallParameter => Index % ResultsPerCall - 1;

    public long Bits => long.Parse(Name, System.Globalization.CultureInfo.InvariantCulture);

    public bool IsBoolean(bool value) => Kind == RefKind.Constant && Index == (int)ConstantKind.Boolean && Name == (value ? "1" : "0");

    public bool IsNull => Kind == RefKind.Constant && Index == (int)ConstantKind.Null;

    /// <summary>Provably the same object each time it is evaluated in one activation.</summary>
    public bool IsStable => Kind switch
    {
        RefKind.Opaque or RefKind.CallResult or RefKind.Element => false,
        RefKind.Field => Base is null || Base.IsStable,
        _ => true,
    };

    public bool Equals(Ref? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Kind == other.Kind && Index == other.Index
            && Name == other.Name && Equals(Base, other.Base));

    public override bool Equals(object? obj) => Equals(obj as Ref);

    public override int GetHashCode() => _hash;

    public int CompareTo(Ref? other)
    {
        if (other is null)
            return 1;
        int c = Kind.CompareTo(other.Kind);
        if (c == 0)
            c = string.CompareOrdinal(Name, other.Name);
        if (c == 0)
            c = Index.CompareTo(other.Index);
        if (c != 0 || ReferenceEquals(Base, other.Base))
            return c;
        return Base is null ? -1 : Base.CompareTo(other.Base);
    }

    public override string ToString() => Kind + " " + Name + (Index != 0 ? " " + Index : "") + (Base is null ? "" : " of (" + Base + ")");
}
