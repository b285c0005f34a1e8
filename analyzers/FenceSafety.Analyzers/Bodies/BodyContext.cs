using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>What reading one member needs: its model, its variables, and the bodies nested in it.</summary>
sealed class BodyContext
{
    readonly Dictionary<ISymbol, (string Owner, int Slot)> _slots = new(SymbolEqualityComparer.Default);
    readonly Dictionary<SyntaxNode, string> _nested = new();
    readonly Func<SyntaxTree, SemanticModel?> _models;
    SyntaxNode? _unnumbered;
    int _nextSlot;

    public BodyContext(
        string memberId, ISymbol member, SemanticModel model, SymbolTable symbols, Func<SyntaxTree, SemanticModel?> models, SyntaxNode? syntax)
    {
        _models = models;
        MemberId = memberId;
        Member = member;
        Model = model;
        Symbols = symbols;
        _unnumbered = syntax;
    }

    public string MemberId { get; }
    public ISymbol Member { get; }
    public SemanticModel Model { get; }
    public SymbolTable Symbols { get; }

    /// <summary>Operations of a control-flow graph do not know their model; initialisers come from several files.</summary>
    public SemanticModel ModelOf(SyntaxNode node) => node.SyntaxTree == Model.SyntaxTree ? Model : _models(node.SyntaxTree) ?? Model;

    public ContractReader Contracts => Symbols.Contracts;
    public AnnotationStore Annotations => Symbols.Contracts.Annotations;

    public List<MethodFacts> Nested { get; } = new();

    public HashSet<int> Captured { get; } = new();

    /// <summary>Slots that are assigned where their own body does not see it.</summary>
    public HashSet<int> WrittenElsewhere { get; } = new();

    readonly Dictionary<ISymbol, bool> _lockStructs = new(SymbolEqualityComparer.Default);

    /// <summary>A struct that is a lock, or has one in it.</summary>
    public bool HasLock(INamedTypeSymbol type)
    {
        if (!_lockStructs.TryGetValue(type, out bool has))
            _lockStructs.Add(type, has = LockStructs.Has(type, Annotations));
        return has;
    }

    /// <summary>Slots whose value a nested body consumes.</summary>
    public HashSet<int> ConsumedElsewhere { get; } = new();

    public bool IncludeThrowPaths => Symbols.IncludeThrowPaths;

    /// <summary>Stable while the member's text is: nested bodies are numbered in source order.</summary>
    public string NestedId(SyntaxNode node)
    {
        // Most members have none, and nobody asks.
        if (_unnumbered is { } all)
        {
            _unnumbered = null;
            foreach (var nested in all.DescendantNodes().Where(static n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
                NestedId(nested);
        }
        if (!_nested.TryGetValue(node, out string? id))
        {
            id = MemberId + "#" + _nested.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _nested.Add(node, id);
        }
        return id;
    }

    public int NewSlot() => _nextSlot++;

    public int Declare(ISymbol variable, string owner)
    {
        if (!_slots.TryGetValue(variable, out var slot))
            _slots.Add(variable, slot = (owner, _nextSlot++));
        return slot.Slot;
    }

    /// <summary>The variable as a value of the body <paramref name="reader"/>; one of another body is captured.</summary>
    public Value.Slot Read(ISymbol variable, string reader, string ownerIfNew)
    {
        if (!_slots.TryGetValue(variable, out var slot))
            _slots.Add(variable, slot = (ownerIfNew, _nextSlot++));
        if (slot.Owner != reader)
            Captured.Add(slot.Slot);
        return new Value.Slot(slot.Owner, slot.Slot);
    }

    /// <summary>The body that declares a local or parameter.</summary>
    public string OwnerOf(ISymbol variable)
    {
        var owner = variable.ContainingSymbol;
        if (owner is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction } nested
            && nested.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax)
            return NestedId(syntax);
        return MemberId;
    }
}
