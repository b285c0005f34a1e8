using System.Collections.Immutable;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.Analyzers.Live;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.Analyzers.Program;

/// <summary>From names in text to the bodies that mention them.</summary>
sealed class MemberLookup
{
    readonly SymbolTable _symbols;
    readonly ModelCache _models;
    readonly ImmutableArray<SyntaxTree> _trees;
    readonly ImmutableArray<TreeFacts> _facts;

    /// <summary>Own files by their keys, then those of referenced projects.</summary>
    readonly Lazy<List<int>> _order;
    readonly Answers _answers;
    readonly ProgramEdit? _edit;
    readonly CancellationToken _cancel;

    /// <param name="answers">Takes what is asked and answered.</param>
    /// <param name="edit">From the program that answers are known of, or null.</param>
    public MemberLookup(SymbolTable symbols, ModelCache models, ProgramTrees trees, Answers answers, ProgramEdit? edit, CancellationToken cancel)
    {
        _symbols = symbols;
        _models = models;
        _trees = trees.Trees;
        _facts = trees.Facts;
        _answers = answers;
        _edit = edit;
        _cancel = cancel;
        int own = _trees.Length - models.Referenced.Length;
        _order = new Lazy<List<int>>(() => Enumerable.Range(0, own).OrderBy(i => symbols.Spans.KeyOf(_trees[i]), StringComparer.Ordinal).Concat(Enumerable.Range(own, models.Referenced.Length)).ToList(), LazyThreadSafetyMode.None);
    }

    public bool Mentions(string name)
    {
        _answers.DeclarationNames.Add(name);
        return In(name).Any();
    }

    /// <summary>Who mentions a name: members of files, in order.</summary>
    IEnumerable<(int Tree, int Member)> In(string name)
    {
        ulong key = IdentifierIndex.Key(name);
        foreach (int tree in _order.Value)
        {
            foreach (int member in _facts[tree].Index.Mentioning(name, key, _trees[tree], _cancel))
                yield return (tree, member);
        }
    }

    /// <summary>The declarations that mention a name, in source order.</summary>
    public IEnumerable<SyntaxNode> Declarations(string name)
    {
        _answers.DeclarationNames.Add(name);
        foreach (var (tree, m) in In(name))
        {
            if (_facts[tree].Index.Members[m].Find(_trees[tree].GetRoot(_cancel)) is { } node)
                yield return node;
        }
    }

    public IReadOnlyList<string> Bodies(string name)
    {
        if (_answers.BodiesByName.TryGetValue(name, out var bodies))
            return bodies;
        if (_edit is null || !_edit.Memo.Answers.BodiesByName.TryGetValue(name, out bodies) || _edit.ChangesMentions(name))
            bodies = In(name).SelectMany(m => Bodies(m.Tree, m.Member)).ToList();
        _answers.BodiesByName.Add(name, bodies);
        return bodies;
    }

    IReadOnlyList<string> Bodies(int tree, int member)
    {
        if (_answers.MemberBodies.TryGetValue((tree, member), out var ids))
            return ids;
        _cancel.ThrowIfCancellationRequested();
        ids = _facts[tree].Index.Members[member].Find(_trees[tree].GetRoot(_cancel)) is { } node ? BodiesOf(node).Distinct().ToList() : Array.Empty<string>();
        _answers.MemberBodies[(tree, member)] = ids;
        return ids;
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
