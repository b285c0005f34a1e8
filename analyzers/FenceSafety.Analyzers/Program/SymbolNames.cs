using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Program;

/// <summary>Bodies nested in a member: its id, <c>#</c>, and a number.</summary>
static class NestedIds
{
    /// <summary>The member, or null if the id is none of a nested body (explicit implementations have <c>#</c> in their names too).</summary>
    public static string? MemberOf(string id)
    {
        int nested = id.LastIndexOf('#');
        return nested > 0 && nested + 1 < id.Length && char.IsDigit(id[nested + 1]) ? id.Substring(0, nested) : null;
    }
}

/// <summary>What ids and messages call symbols.</summary>
static class SymbolNames
{
    static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>Documentation-comment id of the definition.</summary>
    public static string Id(ISymbol symbol) => DocumentationCommentId.CreateDeclarationId(symbol.OriginalDefinition) ?? symbol.Name;

    /// <summary>
    /// Ids are read by recursion, and those in files may be anything: deeper than any type in a program is nested, they would
    /// exhaust the stack of the compiler.
    /// </summary>
    public static bool IsReadable(string id)
    {
        const int MaxLength = 16 << 10, MaxDepth = 64;
        int depth = 0;
        foreach (char c in id)
        {
            if (c is '{' or '(' or '[' && ++depth > MaxDepth)
                return false;
            if (c is '}' or ')' or ']')
                depth--;
        }
        return id.Length <= MaxLength;
    }

    /// <summary>The id without its prefix: how a lock class is named that has no name of its own.</summary>
    public static string ClassName(ISymbol member)
    {
        string id = Id(member);
        return id.Length > 2 && id[1] == ':' ? id.Substring(2) : id;
    }

    /// <summary>A type as it is used, with its arguments.</summary>
    public static string TypeId(ITypeSymbol type) => DocumentationCommentId.CreateReferenceId(type) is { Length: > 0 } id ? id : type.ToDisplayString();

    public static string Display(ITypeSymbol type) => type.ToDisplayString(TypeFormat);

    /// <summary><c>Type.Member</c>.</summary>
    public static string Display(ISymbol member)
    {
        string type = member.ContainingType is { } t ? Display((ITypeSymbol)t.OriginalDefinition) : "";
        string name = member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } => "new",
            IMethodSymbol { MethodKind: MethodKind.StaticConstructor } => "static constructor",
            IMethodSymbol { AssociatedSymbol: IPropertySymbol { IsIndexer: true } } accessor => accessor.MethodKind == MethodKind.PropertyGet ? "this[].get" : "this[].set",
            IMethodSymbol { AssociatedSymbol: { } owner } accessor => owner.Name + Accessor(accessor.MethodKind),
            IMethodSymbol { ExplicitInterfaceImplementations: { IsEmpty: false } e } => e[0].Name,
            IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => member.Name.Replace("op_", "operator "),
            _ => member.Name,
        };
        if (name == "new")
            return "new " + type;
        return type.Length == 0 ? name : type + "." + name;
    }

    static string Accessor(MethodKind kind) => kind switch
    {
        MethodKind.PropertyGet => ".get",
        MethodKind.PropertySet => ".set",
        MethodKind.EventAdd => ".add",
        MethodKind.EventRemove => ".remove",
        _ => "",
    };
}
