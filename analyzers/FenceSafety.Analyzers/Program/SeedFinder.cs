using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.Analyzers.Live;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Program;

/// <summary>Where the analysis begins: annotated bodies and those that inherit an annotation, regions, and bodies that take locks.</summary>
sealed class SeedFinder(Compilation compilation, SymbolTable symbols, MemberLookup members, Lazy<ClassHierarchy> hierarchy, CancellationToken cancel)
{
    static readonly string[] Contexts = { Attributes.FenceCritical, Attributes.RunsInReclaim, Attributes.RunsAtomic };

    /// <summary>Annotations that make calls of a member interesting.</summary>
    static readonly string[] CallsMatter =
    {
        Attributes.AcquiresLock, Attributes.ReleasesLock, Attributes.RequiresLock, Attributes.BeginsFenceCritical, Attributes.EndsFenceCritical,
        Attributes.Snapshot, Attributes.RequiresStable,
    };

    /// <summary>Annotations of types whose values are followed.</summary>
    static readonly string[] ValuesMatter = { Attributes.MustConsume, Attributes.RefCounted };

    readonly HashSet<string> _seeds = new(StringComparer.Ordinal);
    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    AnnotationStore Annotations => symbols.Contracts.Annotations;

    /// <summary>What declarations say of where to begin; the bodies that mention a name come when it is asked.</summary>
    public Seeds Find()
    {
        foreach (string spelling in Contexts.SelectMany(Attributes.Spellings))
        {
            foreach (var node in members.Declarations(spelling))
                Annotated(node);
        }
        foreach (string spelling in CallsMatter.SelectMany(Attributes.Spellings))
        {
            foreach (var node in members.Declarations(spelling))
                AddNames(node);
        }
        LockStructs();
        foreach (string spelling in ValuesMatter.SelectMany(Attributes.Spellings))
        {
            foreach (var type in members.Declarations(spelling).OfType<BaseTypeDeclarationSyntax>().ToList())
                Values(type.Identifier.ValueText);
        }
        FromFiles();
        FromReferences();
        TakersOfDelegates();
        Name(IdentifierIndex.Lock);
        foreach (string api in LockApi.Names)
            Name(api);
        return new Seeds(_seeds.OrderBy(static s => s, StringComparer.Ordinal).ToImmutableArray(), _names.OrderBy(static s => s, StringComparer.Ordinal).ToImmutableArray());
    }

    /// <summary>Every body that mentions this name.</summary>
    void Name(string name) => _names.Add(name);

    /// <summary>A declaration whose text has an annotation: its bodies, those that inherit it, and those that convert to it.</summary>
    void Annotated(SyntaxNode node)
    {
        _seeds.UnionWith(members.BodiesOf(node));
        AddNames(node);
        if (members.ModelOf(node)?.GetDeclaredSymbol(node, cancel) is not { } symbol)
            return;
        if (symbol is INamedTypeSymbol { TypeKind: TypeKind.Delegate } type)
            Delegate(type);
        else if (symbol is INamedTypeSymbol annotated)
            WholeType(annotated);
        else
            Inherited(symbol is IMethodSymbol m ? new[] { m } : MemberLookup.Accessors(symbol));
    }

    void AddNames(SyntaxNode node)
    {
        switch (node)
        {
            case MethodDeclarationSyntax method:
                Name(method.Identifier.ValueText);
                break;
            case PropertyDeclarationSyntax property:
                Name(property.Identifier.ValueText);
                break;
            case ConstructorDeclarationSyntax constructor:
                Name(constructor.Identifier.ValueText);
                Name(IdentifierIndex.TargetTypedNew);
                break;
        }
        foreach (var local in node.DescendantNodes().OfType<LocalFunctionStatementSyntax>().Where(static l => l.AttributeLists.Count > 0))
            Name(local.Identifier.ValueText);
    }

    /// <summary>Who names the type, and who calls or reads members of that type.</summary>
    void Values(string type)
    {
        foreach (var node in members.Declarations(type).ToList())
            AddNames(node);
        Name(type);
        Name(IdentifierIndex.TargetTypedNew);
    }

    /// <summary>Structs that are locks may be copied by whoever mentions a field of that type.</summary>
    void LockStructs()
    {
        var types = new Queue<string>(Attributes.Spellings(Attributes.LockPrimitive).SelectMany(members.Declarations).OfType<StructDeclarationSyntax>()
            .Select(static s => s.Identifier.ValueText).Append("SpinLock"));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (types.Count > 0)
        {
            string type = types.Dequeue();
            if (!seen.Add(type))
                continue;
            foreach (var field in members.Declarations(type).OfType<BaseFieldDeclarationSyntax>().ToList())
            {
                foreach (var v in field.Declaration.Variables)
                    Name(v.Identifier.ValueText);
                if (field.Parent is StructDeclarationSyntax or RecordDeclarationSyntax && !field.Modifiers.Any(SyntaxKind.StaticKeyword))
                    types.Enqueue(((TypeDeclarationSyntax)field.Parent).Identifier.ValueText);
            }
        }
    }

    /// <summary>A delegate with a contract: who names it, and who assigns members of that type.</summary>
    void DelegateType(string name)
    {
        foreach (var node in members.Declarations(name).ToList())
        {
            switch (node)
            {
                case BaseFieldDeclarationSyntax field:
                    foreach (var v in field.Declaration.Variables)
                        Name(v.Identifier.ValueText);
                    break;
                default:
                    AddNames(node);
                    break;
            }
        }
        Name(name);
    }

    readonly HashSet<INamedTypeSymbol> _delegates = new(SymbolEqualityComparer.Default);

    void Delegate(INamedTypeSymbol type)
    {
        DelegateType(type.Name);
        _delegates.Add(type);
    }

    /// <summary>Members of references that are given such a delegate: whoever mentions one converts to it, and need not name the type.</summary>
    void TakersOfDelegates()
    {
        var declaring = new HashSet<string>(_delegates.Select(static d => d.ContainingAssembly.Name));
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (ClassHierarchy.IsFramework(assembly) || !(declaring.Contains(assembly.Name) || assembly.Modules.Any(m => m.ReferencedAssemblies.Any(a => declaring.Contains(a.Name)))))
                continue;
            foreach (var member in MembersOf(assembly).Where(TakesDelegate))
            {
                Name(member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? member.ContainingType.Name : member.Name);
                if (member is IMethodSymbol { MethodKind: MethodKind.Constructor })
                    Name(IdentifierIndex.TargetTypedNew);
            }
        }
    }

    bool TakesDelegate(ISymbol member) => member switch
    {
        IMethodSymbol { AssociatedSymbol: null } method => method.Parameters.Any(p => IsContract(p.Type)),
        IPropertySymbol property => IsContract(property.Type) || property.Parameters.Any(p => IsContract(p.Type)),
        IFieldSymbol field => IsContract(field.Type),
        IEventSymbol handlers => IsContract(handlers.Type),
        _ => false,
    };

    bool IsContract(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Delegate } d && _delegates.Contains(d.OriginalDefinition);

    /// <summary>Types and their members.</summary>
    IEnumerable<ISymbol> MembersOf(IAssemblySymbol assembly)
    {
        var work = new Stack<INamespaceOrTypeSymbol>();
        work.Push(assembly.GlobalNamespace);
        while (work.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var member in work.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol container)
                    work.Push(container);
                yield return member;
            }
        }
    }

    void WholeType(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.StaticConstructor })
                _seeds.Add(BodyFactory.TypeInitializerId(symbols, type));
            else if (member is IMethodSymbol method)
                _seeds.Add(symbols.Id(method));
        }
        Inherited(type.GetMembers().OfType<IMethodSymbol>());
    }

    void Inherited(IEnumerable<IMethodSymbol> methods)
    {
        foreach (var method in methods)
        {
            if (!method.IsVirtual && !method.IsAbstract && !method.IsOverride)
                continue;
            foreach (var implementation in hierarchy.Value.Implementations(method))
                _seeds.Add(symbols.Id(implementation));
        }
    }

    void FromFiles()
    {
        foreach (string id in Annotations.Files.Keys)
        {
            if (symbols.Find(id) is not { } symbol)
                continue;
            var names = Annotations.Of(symbol).Select(static a => a.Name).ToList();
            if (names.Any(CallsMatter.Contains))
                Name(symbol.Name);
            if (!names.Any(Contexts.Contains))
                continue;
            Name(symbol.Name);
            if (symbol is INamedTypeSymbol { TypeKind: TypeKind.Delegate } contract)
                Delegate(contract);
            else if (symbol is INamedTypeSymbol type)
                WholeType(type);
            else
                Inherited(symbol is IMethodSymbol m ? new[] { m } : MemberLookup.Accessors(symbol));
            foreach (var method in symbol is IMethodSymbol own ? new[] { own } : MemberLookup.Accessors(symbol))
                _seeds.Add(symbols.Id(method));
        }
    }

    /// <summary>Annotated members of references: locks by name, contracts that source types inherit.</summary>
    void FromReferences()
    {
        foreach (var reference in compilation.References)
        {
            if (compilation.GetAssemblyOrModuleSymbol(reference) is not IAssemblySymbol assembly || !UsesAnnotations(assembly))
                continue;
            foreach (var member in MembersOf(assembly))
                Referenced(member);
        }
    }

    void Referenced(ISymbol member)
    {
        var parameters = (member as IMethodSymbol)?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty;
        if (parameters.Any(p => Contexts.Any(c => Annotations.Has(p, c))))
            Name(member.Name);
        var names = Annotations.Of(member);
        if (names.IsEmpty)
            return;
        if (names.Any(a => CallsMatter.Contains(a.Name)))
        {
            Name(member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? member.ContainingType.Name : member.Name);
        }
        if (member is INamedTypeSymbol && names.Any(a => ValuesMatter.Contains(a.Name)))
        {
            Values(member.Name);
            foreach (string returning in Returning((INamedTypeSymbol)member))
                Name(returning);
        }
        if (!names.Any(a => Contexts.Contains(a.Name)))
            return;
        if (member is INamedTypeSymbol { TypeKind: TypeKind.Delegate } d)
            Delegate(d);
        else if (member is INamedTypeSymbol type)
            Inherited(type.GetMembers().OfType<IMethodSymbol>());
        else
            Inherited(member is IMethodSymbol m ? new[] { m } : MemberLookup.Accessors(member));
    }

    /// <summary>Members of the type's own assembly that return it.</summary>
    static IEnumerable<string> Returning(INamedTypeSymbol type)
    {
        var work = new Stack<INamespaceOrTypeSymbol>();
        work.Push(type.ContainingAssembly.GlobalNamespace);
        while (work.Count > 0)
        {
            foreach (var member in work.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol container)
                    work.Push(container);
                var result = member switch { IMethodSymbol m => m.ReturnType, IPropertySymbol p => p.Type, _ => null };
                if (SymbolEqualityComparer.Default.Equals(result?.OriginalDefinition, type))
                    yield return member.Name;
            }
        }
    }

    /// <summary>An assembly that declares our attributes, or references one that does.</summary>
    bool UsesAnnotations(IAssemblySymbol assembly)
    {
        _declaring ??= new HashSet<string>(
            compilation.SourceModule.ReferencedAssemblySymbols.Where(static a => !ClassHierarchy.IsFramework(a) && DeclaresAnnotations(a)).Select(static a => a.Name));
        return !ClassHierarchy.IsFramework(assembly)
            && (_declaring.Contains(assembly.Name) || assembly.Modules.Any(m => m.ReferencedAssemblies.Any(a => _declaring.Contains(a.Name))));
    }

    static bool DeclaresAnnotations(IAssemblySymbol assembly) =>
        assembly.GlobalNamespace.GetNamespaceMembers().Any(static n => n.Name == Attributes.Namespace && n.GetTypeMembers(Attributes.FenceCritical).Any());

    /// <summary>A reference, besides the one that declares the attributes, may carry contracts.</summary>
    public bool ReferencesUseAnnotations =>
        compilation.SourceModule.ReferencedAssemblySymbols.Any(a => UsesAnnotations(a) && a.Name != "FenceSafety.Annotations");

    HashSet<string>? _declaring;
}
