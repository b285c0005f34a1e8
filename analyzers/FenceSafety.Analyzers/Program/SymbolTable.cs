using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Program;

/// <summary>Between symbols and ids, for one compilation.</summary>
sealed class SymbolTable(Compilation compilation, ContractReader contracts, SpanMap spans, bool includeThrowPaths)
{
    readonly Dictionary<string, ISymbol> _members = new(StringComparer.Ordinal);
    readonly Dictionary<ISymbol, string> _ids = new(SymbolEqualityComparer.Default);
    readonly Dictionary<string, ITypeSymbol> _types = new(StringComparer.Ordinal);
    readonly Dictionary<ISymbol, string> _typeIds = new(SymbolEqualityComparer.IncludeNullability);
    readonly Dictionary<ISymbol, LockInfo> _locks = new(SymbolEqualityComparer.Default);

    public Compilation Compilation => compilation;
    public ContractReader Contracts => contracts;
    public SpanMap Spans => spans;
    public bool IncludeThrowPaths => includeThrowPaths;

    /// <summary>Contracts of bodies that have no symbol of their own: lambdas, local functions, type initialisers.</summary>
    public Dictionary<string, MemberContract> NestedContracts { get; } = new(StringComparer.Ordinal);

    /// <summary>Captured parameters of primary constructors, by the id of the field that they are.</summary>
    public Dictionary<string, IMethodSymbol> HiddenFields { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, MemberContract> DelegateContracts { get; } = new(StringComparer.Ordinal);

    /// <summary>Lock structs that are copied.</summary>
    public HashSet<(SourceSpan Span, string Type)> LockCopies { get; } = new();

    public string Id(ISymbol member)
    {
        member = member.OriginalDefinition;
        if (!_ids.TryGetValue(member, out string? id))
        {
            id = SymbolNames.Id(member);
            // Two assemblies may declare the same member: the first that is met has the plain id.
            if (_members.TryGetValue(id, out var other) && !IsSameAssembly(other, member))
                id += "@" + member.ContainingAssembly?.Name;
            _ids.Add(member, id);
            _members[id] = member;
        }
        return id;
    }

    /// <summary>A project reference shows the same assembly through other symbols.</summary>
    static bool IsSameAssembly(ISymbol a, ISymbol b) => Equals(a.ContainingAssembly?.Identity, b.ContainingAssembly?.Identity);

    public ISymbol? Find(string id)
    {
        if (_members.TryGetValue(id, out var symbol))
            return symbol;
        symbol = SymbolNames.IsReadable(id) ? DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation) : null;
        if (symbol is not null)
            _members[id] = symbol;
        return symbol;
    }

    public IMethodSymbol? Method(string id) => Find(id) as IMethodSymbol;

    public string TypeId(ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol parameter)
            return (parameter.TypeParameterKind == TypeParameterKind.Method ? "!!" : "!") + Ordinal(parameter);
        if (!_typeIds.TryGetValue(type, out string? id))
        {
            id = SymbolNames.TypeId(type);
            _typeIds.Add(type, id);
            _types[id] = type;
        }
        return id;
    }

    /// <summary>Type parameters of nested types count on from those around them.</summary>
    static string Ordinal(ITypeParameterSymbol parameter)
    {
        int ordinal = parameter.Ordinal;
        for (var t = parameter.TypeParameterKind == TypeParameterKind.Type ? parameter.ContainingType?.ContainingType : null; t is not null; t = t.ContainingType)
            ordinal += t.TypeParameters.Length;
        return ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public ITypeSymbol? Type(string id)
    {
        if (_types.TryGetValue(id, out var type))
            return type;
        return SymbolNames.IsReadable(id) ? DocumentationCommentId.GetFirstSymbolForReferenceId(id, compilation) as ITypeSymbol : null;
    }

    public LockInfo Lock(ISymbol member)
    {
        member = member.OriginalDefinition;
        if (!_locks.TryGetValue(member, out var info))
            _locks.Add(member, info = LockClasses.Of(member, contracts.Annotations, this));
        return info;
    }

    /// <summary>What messages call a body.</summary>
    public string Display(IMethodSymbol method) => contracts.Of(method).Display;

    /// <summary>Declared in this compilation, or in a project whose source can be seen.</summary>
    public bool IsSource(ISymbol symbol) => !symbol.DeclaringSyntaxReferences.IsEmpty;

    /// <summary>An object that is known by its static type alone, as a lock.</summary>
    public Value.Opaque Opaque(ITypeSymbol? type)
    {
        if (type is null || type.SpecialType == SpecialType.System_Object || type.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty
            || type.TypeKind is TypeKind.TypeParameter or TypeKind.Error)
            return new Value.Opaque(null, type is null ? "" : SymbolNames.Display(type));
        return new Value.Opaque(Id(type), SymbolNames.Display(type));
    }

    public ImmutableArray<string> TypeArguments(IMethodSymbol method)
    {
        var builder = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < method.TypeArguments.Length; i++)
            builder.Add("!!" + i.ToString(System.Globalization.CultureInfo.InvariantCulture) + "=" + TypeId(method.TypeArguments[i]));
        if (method.ContainingType is { } type)
            builder.AddRange(TypeArguments(type));
        return builder.ToImmutable();
    }

    /// <summary>Those of a type and of the types around it.</summary>
    public ImmutableArray<string> TypeArguments(INamedTypeSymbol type)
    {
        var builder = ImmutableArray.CreateBuilder<string>();
        var chain = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
            chain.Push(t);
        int ordinal = 0;
        foreach (var t in chain)
        {
            foreach (var a in t.TypeArguments)
                builder.Add("!" + (ordinal++).ToString(System.Globalization.CultureInfo.InvariantCulture) + "=" + TypeId(a));
        }
        return builder.ToImmutable();
    }
}
