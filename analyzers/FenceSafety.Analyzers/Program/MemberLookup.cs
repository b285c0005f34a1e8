using System.Runtime.CompilerServices;
using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Program;

/// <summary>From names in text to the bodies that mention them.</summary>
sealed class MemberLookup
{
    readonly SymbolTable _symbols;
    readonly ModelCache _models;
    readonly List<(SyntaxTree Tree, IdentifierIndex Index)> _trees = new();
    readonly Dictionary<(SyntaxTree, int), IReadOnlyList<string>> _bodies = new();
    readonly CancellationToken _cancel;

    public MemberLookup(
        Compilation compilation, SymbolTable symbols, ModelCache models, ConditionalWeakTable<SyntaxTree, IdentifierIndex> cache, CancellationToken cancel)
    {
        _symbols = symbols;
        _models = models;
        _cancel = cancel;
        foreach (var tree in compilation.SyntaxTrees.OrderBy(t => symbols.Spans.KeyOf(t), StringComparer.Ordinal).Concat(models.Referenced))
        {
            cancel.ThrowIfCancellationRequested();
            _trees.Add((tree, IdentifierIndex.Of(tree, cache)));
        }
    }

    public bool Mentions(string name) => _trees.Any(t => t.Index.Mentioning(name).Any());

    /// <summary>The declarations that mention a name, in source order.</summary>
    public IEnumerable<SyntaxNode> Declarations(string name)
    {
        foreach (var (tree, index) in _trees)
        {
            foreach (int m in index.Mentioning(name))
            {
                if (index.Members[m].Find(tree.GetRoot(_cancel)) is { } node)
                    yield return node;
            }
        }
    }

    public IEnumerable<string> Bodies(string name)
    {
        foreach (var (tree, index) in _trees)
        {
            foreach (int m in index.Mentioning(name))
            {
                if (!_bodies.TryGetValue((tree, m), out var ids))
                {
                    _cancel.ThrowIfCancellationRequested();
                    ids = index.Members[m].Find(tree.GetRoot(_cancel)) is { } node ? BodiesOf(node).Distinct().ToList() : Array.Empty<string>();
                    _bodies.Add((tree, m), ids);
                }
                foreach (string id in ids)
                    yield return id;
            }
        }
    }

    public SemanticModel? ModelOf(SyntaxNode node) => _models.Get(node.SyntaxTree);

    /// <summary>The bodies that a declaration is part of: an initialiser runs in every constructor.</summary>
    public IEnumerable<string> BodiesOf(SyntaxNode node)
    {
        if (ModelOf(node) is not { } model)
            yield break;
        switch (node)
        {
            case BaseMethodDeclarationSyntax or CompilationUnitSyntax:
                if (model.GetDeclaredSymbol(node, _cancel) is IMethodSymbol method)
                    yield return Id(method);
                break;
            case GlobalStatementSyntax { Parent: CompilationUnitSyntax unit }:
                if (model.GetDeclaredSymbol(unit, _cancel) is { } main)
                    yield return Id(main);
                break;
            case BasePropertyDeclarationSyntax property:
                foreach (var accessor in Accessors(model.GetDeclaredSymbol(property, _cancel)))
                    yield return Id(accessor);
                if (property is PropertyDeclarationSyntax { Initializer: not null })
                {
                    foreach (string id in Initialised(property, model))
                        yield return id;
                }
                break;
            case BaseFieldDeclarationSyntax field:
                foreach (string id in Initialised(field, model))
                    yield return id;
                break;
            case TypeDeclarationSyntax { ParameterList: not null } type when model.GetDeclaredSymbol(type, _cancel) is { } symbol:
                foreach (var c in symbol.InstanceConstructors.Where(static c => !c.IsImplicitlyDeclared))
                    yield return Id(c);
                break;
        }
    }

    string Id(IMethodSymbol method) => method.MethodKind == MethodKind.StaticConstructor
        ? BodyFactory.TypeInitializerId(_symbols, method.ContainingType)
        : _symbols.Id(method);

    public static IEnumerable<IMethodSymbol> Accessors(ISymbol? member) => member switch
    {
        IPropertySymbol p => new[] { p.GetMethod, p.SetMethod }.OfType<IMethodSymbol>(),
        IEventSymbol e => new[] { e.AddMethod, e.RemoveMethod }.OfType<IMethodSymbol>().Where(static m => !m.IsImplicitlyDeclared),
        _ => Array.Empty<IMethodSymbol>(),
    };

    IEnumerable<string> Initialised(MemberDeclarationSyntax member, SemanticModel model)
    {
        if (member.Parent is not TypeDeclarationSyntax declaration || model.GetDeclaredSymbol(declaration, _cancel) is not { } type)
            return Array.Empty<string>();
        return member.Modifiers.Any(SyntaxKind.StaticKeyword)
            ? new[] { BodyFactory.TypeInitializerId(_symbols, type) }
            : type.InstanceConstructors.Select(_symbols.Id);
    }
}
