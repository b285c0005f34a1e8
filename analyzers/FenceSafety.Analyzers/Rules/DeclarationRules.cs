using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Rules;

/// <summary>What is wrong with declarations alone: annotations that misuse (FENCE010), members that break a base's contract (FENCE009).</summary>
sealed class DeclarationRules(SymbolTable symbols, MemberLookup members, RoslynProgram program, CancellationToken cancel)
{
    readonly HashSet<(SyntaxTree, int)> _seen = new();

    AnnotationStore Annotations => symbols.Contracts.Annotations;

    public IEnumerable<Diagnostic> Check() => Misuse().Concat(BrokenContracts());

    IEnumerable<Diagnostic> Misuse()
    {
        foreach (var node in Attributes.All.SelectMany(Attributes.Spellings).SelectMany(members.Declarations).Distinct())
        {
            foreach (var list in node.DescendantNodesAndSelf().OfType<AttributeListSyntax>())
            {
                cancel.ThrowIfCancellationRequested();
                if (!_seen.Add((list.SyntaxTree, list.SpanStart)) || members.ModelOf(list) is not { } model)
                    continue;
                foreach (var symbol in Annotated(list, model))
                {
                    foreach (var d in Misuse(list, symbol))
                        yield return d;
                }
            }
        }
    }

    IEnumerable<Diagnostic> Misuse(AttributeListSyntax list, ISymbol symbol)
    {
        foreach (var a in Annotations.Of(symbol))
        {
            if (a.Location?.SourceTree != list.SyntaxTree || !list.Span.Contains(a.Location.SourceSpan))
                continue;
            if (AnnotationChecks.Arguments(a, symbol) is { } wrong)
                yield return Diagnostic.Create(FENCE010.Descriptor, a.Location, wrong);
            else if (a.Name == Attributes.LockOrder && UnknownClass(a) is { } unknown)
                yield return Diagnostic.Create(FENCE010.Descriptor, a.Location, unknown);
            else if (a.Name is Attributes.MayAllocate or Attributes.WaitsForFence && AnnotationChecks.Contradiction(Names(symbol, a.Name)) is { } pair)
                yield return Diagnostic.Create(FENCE010.Descriptor, a.Location, pair);
        }
    }

    /// <summary>This annotation, the others of the declaration, and what its property or type says of all its members.</summary>
    IEnumerable<string> Names(ISymbol symbol, string own)
    {
        var around = Enumerable.Empty<Annotation>();
        if (symbol is IMethodSymbol { AssociatedSymbol: { } owner })
            around = around.Concat(Annotations.Of(owner));
        if (symbol is IMethodSymbol { MethodKind: not (MethodKind.LocalFunction or MethodKind.AnonymousFunction) } or IPropertySymbol && symbol.ContainingType is { } type)
            around = around.Concat(Annotations.Of(type));
        return Annotations.Of(symbol).Concat(around.Where(static a => a.Name is Attributes.FenceCritical)).Select(static a => a.Name).Append(own);
    }

    static IEnumerable<ISymbol> Annotated(AttributeListSyntax list, SemanticModel model)
    {
        switch (list.Parent)
        {
            case BaseFieldDeclarationSyntax field:
                return field.Declaration.Variables.Take(1).Select(v => model.GetDeclaredSymbol(v)).OfType<ISymbol>();
            case CompilationUnitSyntax:
                return new ISymbol[] { model.Compilation.Assembly };
            case AnonymousFunctionExpressionSyntax lambda:
                return model.GetSymbolInfo(lambda).Symbol is { } symbol ? new[] { symbol } : Array.Empty<ISymbol>();
            case { } node when model.GetDeclaredSymbol(node) is { } declared:
                return new[] { declared };
            default:
                return Array.Empty<ISymbol>();
        }
    }

    string? UnknownClass(Annotation order)
    {
        foreach (string name in order.Arguments.OfType<string>())
        {
            if (!KnownClasses.Contains(name) && symbols.Find("F:" + name) is null && symbols.Find("P:" + name) is null)
                return $"No lock class is called '{name}': give a field [LockClass(\"{name}\")], or write the field as Namespace.Type.field";
        }
        return null;
    }

    HashSet<string>? _knownClasses;

    HashSet<string> KnownClasses => _knownClasses ??= new HashSet<string>(
        Attributes.Spellings(Attributes.LockClass).SelectMany(members.Declarations).SelectMany(Classes)
            .Concat(Annotations.Files.Values.SelectMany(static f => f).Where(static a => a.Name == Attributes.LockClass))
            .Select(static a => LockClasses.Named(a, a.Text(0) ?? "")).Concat(ReferencedClasses()));

    IEnumerable<Annotation> Classes(SyntaxNode node)
    {
        if (members.ModelOf(node) is not { } model)
            yield break;
        foreach (var list in node.DescendantNodesAndSelf().OfType<AttributeListSyntax>())
        {
            foreach (var a in Annotated(list, model).SelectMany(s => Annotations.Of(s)))
            {
                if (a.Name == Attributes.LockClass)
                    yield return a;
            }
        }
    }

    IEnumerable<string> ReferencedClasses() =>
        symbols.Compilation.SourceModule.ReferencedAssemblySymbols.Where(static a => !ClassHierarchy.IsFramework(a))
            .SelectMany(static a => AllMembers(a.GlobalNamespace)).SelectMany(s => Annotations.Of(s)).Where(static a => a.Name == Attributes.LockClass)
            .Select(static a => LockClasses.Named(a, a.Text(0) ?? ""));

    static IEnumerable<ISymbol> AllMembers(INamespaceOrTypeSymbol root)
    {
        var work = new Stack<INamespaceOrTypeSymbol>();
        work.Push(root);
        while (work.Count > 0)
        {
            foreach (var member in work.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol container)
                    work.Push(container);
                yield return member;
            }
        }
    }

    // ---- FENCE009

    IEnumerable<Diagnostic> BrokenContracts()
    {
        var places = new HashSet<Location>();
        foreach (var node in new[] { Attributes.MayAllocate, Attributes.WaitsForFence }.SelectMany(Attributes.Spellings).SelectMany(members.Declarations).Distinct())
        {
            if (members.ModelOf(node)?.GetDeclaredSymbol(node, cancel) is not { } symbol)
                continue;
            foreach (var method in Annotated(symbol))
            {
                var named = symbol is INamedTypeSymbol ? method.AssociatedSymbol ?? method : symbol;
                if (Effect(method) is { } effect && ContractReader.Inherited(method).FirstOrDefault(b => symbols.Contracts.Of(b).Critical) is { } broken
                    && named.Locations.FirstOrDefault() is { IsInSource: true } name && places.Add(name))
                    yield return Diagnostic.Create(FENCE009.Descriptor, name, $"{symbols.Display(method)} {effect}, {symbols.Display(broken)} must not");
            }
        }
        foreach (var d in InheritedImplementations())
            yield return d;
    }

    /// <summary>The methods that an attribute on a symbol speaks of: those of a type are its members.</summary>
    static IEnumerable<IMethodSymbol> Annotated(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => new[] { method },
        INamedTypeSymbol type => type.GetMembers().OfType<IMethodSymbol>().Where(static m => !m.IsImplicitlyDeclared),
        _ => MemberLookup.Accessors(symbol),
    };

    string? Effect(IMethodSymbol method)
    {
        var contract = symbols.Contracts.Of(method);
        return contract.MayAllocate ? "may allocate" : contract.WaitsForFence ? "waits for a fence" : null;
    }

    /// <summary>A type that joins an inherited member with an effect to an interface whose contract forbids it.</summary>
    IEnumerable<Diagnostic> InheritedImplementations()
    {
        bool contracts = Attributes.Spellings(Attributes.FenceCritical).Any(members.Mentions) || Annotations.Files.Count > 0 || program.ReferencesUseAnnotations;
        if (!contracts)
            yield break;
        foreach (var type in program.Hierarchy.Value.SourceTypes)
        {
            if (type.TypeKind != TypeKind.Class || type.BaseType is not { SpecialType: not SpecialType.System_Object } parent)
                continue;
            foreach (var i in type.Interfaces)
            {
                if (ClassHierarchy.IsFramework(i.ContainingAssembly) || parent.AllInterfaces.Contains(i, SymbolEqualityComparer.Default))
                    continue;
                foreach (var member in i.GetMembers().OfType<IMethodSymbol>().Where(m => symbols.Contracts.Of(m).Critical))
                {
                    if (type.FindImplementationForInterfaceMember(member) is IMethodSymbol found
                        && !SymbolEqualityComparer.Default.Equals(found.ContainingType, type) && Effect(found) is { } effect && BaseEntry(type, i) is { } place)
                        yield return Diagnostic.Create(FENCE009.Descriptor, place, $"{symbols.Display(found)} {effect}, {symbols.Display(member)} must not");
                }
            }
        }
    }

    Location? BaseEntry(INamedTypeSymbol type, INamedTypeSymbol entry)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancel) is not TypeDeclarationSyntax { BaseList: { } list } || members.ModelOf(list) is not { } model)
                continue;
            foreach (var t in list.Types)
            {
                if (SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(t.Type, cancel).Symbol, entry))
                    return t.Type.GetLocation();
            }
        }
        return null;
    }
}
