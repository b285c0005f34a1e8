using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Program;

/// <summary>A member, or the header of a type, by place and syntax kind: no node is kept.</summary>
readonly record struct IndexedMember(TextSpan Span, int RawKind)
{
    public SyntaxNode? Find(SyntaxNode root)
    {
        if (Span.End > root.FullSpan.End)
            return null;
        SyntaxNode? node = root.FindNode(Span);
        while (node is not null && (node.RawKind != RawKind || node.Span != Span))
            node = node.Parent;
        return node;
    }
}

/// <summary>
/// Which names each member of a file mentions: tokens only, nothing bound. It says where to look; a name too many costs a body that
/// is read for nothing, a name too few would be a miss.
/// </summary>
sealed class IdentifierIndex
{
    /// <summary>Stands for <c>new(…)</c>, whose type is not named.</summary>
    public const string TargetTypedNew = "new()";

    public const string Lock = "lock";

    readonly Dictionary<string, List<int>> _byName = new(StringComparer.Ordinal);

    public IdentifierIndex(SyntaxTree tree, CancellationToken cancel)
    {
        var members = ImmutableArray.CreateBuilder<IndexedMember>();
        Visit(tree.GetRoot(cancel), members, cancel);
        Members = members.ToImmutable();
    }

    /// <summary>Members in source order.</summary>
    public ImmutableArray<IndexedMember> Members { get; }

    public IEnumerable<int> Mentioning(string name) => _byName.TryGetValue(name, out var list) ? list : Enumerable.Empty<int>();

    /// <summary>Names that a member mentions in one of two versions of a file that have the same members.</summary>
    public IEnumerable<string> Differences(IdentifierIndex other) =>
        _byName.Where(p => !(other._byName.TryGetValue(p.Key, out var list) && list.SequenceEqual(p.Value))).Select(static p => p.Key)
            .Concat(other._byName.Keys.Where(k => !_byName.ContainsKey(k)));

    void Visit(SyntaxNode root, ImmutableArray<IndexedMember>.Builder members, CancellationToken cancel)
    {
        var work = new Stack<SyntaxNode>();
        work.Push(root);
        while (work.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var node = work.Pop();
            if (IsContainer(node))
            {
                // The header of a type (attributes, base list, primary constructor) is a member of its own.
                if (node is BaseTypeDeclarationSyntax type)
                    Add(type, members, Header(type));
                foreach (var child in node.ChildNodes().Reverse())
                {
                    if (child is MemberDeclarationSyntax or BaseNamespaceDeclarationSyntax or CompilationUnitSyntax)
                        work.Push(child);
                }
                if (node is CompilationUnitSyntax { AttributeLists.Count: > 0 } unit)
                    Add(unit, members, unit.AttributeLists.SelectMany(static l => l.DescendantTokens()));
            }
            else
            {
                // `: base(…)` calls a constructor of a type that only the header names.
                var bases = node is ConstructorDeclarationSyntax { Initializer: not null, Parent: TypeDeclarationSyntax { BaseList: { } list } }
                    ? list.DescendantTokens() : Enumerable.Empty<SyntaxToken>();
                Add(node, members, node.DescendantTokens().Concat(bases));
            }
        }
    }

    /// <summary>Extension blocks (C# 14) are type declarations too.</summary>
    static bool IsContainer(SyntaxNode node) =>
        node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax;

    static IEnumerable<SyntaxToken> Header(BaseTypeDeclarationSyntax type)
    {
        foreach (var child in type.ChildNodesAndTokens())
        {
            if (child.IsToken)
                yield return child.AsToken();
            else if (child.AsNode() is not MemberDeclarationSyntax and { } node)
            {
                foreach (var token in node.DescendantTokens())
                    yield return token;
            }
        }
    }

    void Add(SyntaxNode node, ImmutableArray<IndexedMember>.Builder members, IEnumerable<SyntaxToken> tokens)
    {
        int index = members.Count;
        members.Add(new IndexedMember(node.Span, node.RawKind));
        foreach (var token in tokens)
        {
            if (token.IsKind(SyntaxKind.IdentifierToken))
                Add(token.ValueText, index);
            else if (token.IsKind(SyntaxKind.LockKeyword))
                Add(Lock, index);
            else if (token.IsKind(SyntaxKind.NewKeyword) && token.Parent is ImplicitObjectCreationExpressionSyntax)
                Add(TargetTypedNew, index);
        }
    }

    void Add(string name, int member)
    {
        if (!_byName.TryGetValue(name, out var list))
            _byName.Add(name, list = new List<int>());
        if (list.Count == 0 || list[list.Count - 1] != member)
            list.Add(member);
    }
}
