using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Live;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Program;

/// <summary>Between symbols and ids, for one compilation.</summary>
/// <param name="hasMemo">Ids of an earlier compilation are asked for: one that does not name exactly one symbol is no longer known.</param>
sealed class SymbolTable(Compilation compilation, ContractReader contracts, SpanMap spans, bool includeThrowPaths, WorkCounts counts, bool hasMemo)
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
    public WorkCounts Counts => counts;

    /// <summary>Whether the summary of a referenced type says that calls run its initialiser.</summary>
    public Func<INamedTypeSymbol, bool> RunsInitialiserAtCalls { get; set; } = static _ => false;

    /// <summary>What the body that is being read says besides its facts, and the nodes that it is read from.</summary>
    public BodyEffects Effects { get; private set; } = new();

    public List<SyntaxNode> Sources { get; private set; } = new();

    /// <summary>Before each body.</summary>
    public void BeginBody() => (Effects, Sources) = (new BodyEffects(), new List<SyntaxNode>());

    public string Id(ISymbol member)
    {
        member = member.OriginalDefinition;
        if (!_ids.TryGetValue(member, out string? id))
        {
            id = SymbolNames.Id(member);
            // Two assemblies may declare the same member: the first that is met has the plain id.
            if (_members.TryGetValue(id, out var other) && !IsSameAssembly(other, member))
                id = Ambiguous(id + "@" + member.ContainingAssembly?.Name);
            _ids.Add(member, id);
            _members[id] = member;
        }
        return id;
    }

    /// <summary>Which of two members has the plain id depends on the order of reading: nothing is kept of such a program.</summary>
    public bool IsAmbiguous { get; private set; }

    string Ambiguous(string id)
    {
        IsAmbiguous = true;
        return hasMemo ? throw new StaleMemoException(id) : id;
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

    /// <summary>The member that has this id, in this compilation or in the one that facts were read in.</summary>
    public ISymbol? Member(string id)
    {
        if (!hasMemo || _members.ContainsKey(id) || id.Length < 2 || id[1] != ':')
            return Find(id);
        if (NestedIds.MemberOf(id) is not null)
            return null;
        var all = DocumentationCommentId.GetSymbolsForDeclarationId(id, compilation);
        return all.Length == 1 ? _members[id] = all[0] : throw new StaleMemoException(id);
    }

    public IMethodSymbol? Method(string id) => Member(id) as IMethodSymbol;

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
        if (!SymbolNames.IsReadable(id))
            return null;
        if (!hasMemo)
            return DocumentationCommentId.GetFirstSymbolForReferenceId(id, compilation) as ITypeSymbol;
        var all = DocumentationCommentId.GetSymbolsForReferenceId(id, compilation);
        return all.Length == 1 ? all[0] as ITypeSymbol : throw new StaleMemoException(id);
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
