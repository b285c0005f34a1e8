using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Program;

/// <summary>Between places without syntax and locations: each tree of a compilation has a key, its path unless two share it.</summary>
sealed class SpanMap
{
    readonly Dictionary<SyntaxTree, string> _keys = new();
    readonly Dictionary<string, SyntaxTree> _trees = new(StringComparer.Ordinal);

    public SpanMap(Compilation compilation)
    {
        foreach (var tree in compilation.SyntaxTrees.OrderBy(static t => t.FilePath, StringComparer.Ordinal))
        {
            string key = tree.FilePath;
            for (int i = 2; _trees.ContainsKey(key); i++)
                key = tree.FilePath + "#" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _trees.Add(key, tree);
            _keys.Add(tree, key);
        }
    }

    public string? KeyOf(SyntaxTree tree) => _keys.TryGetValue(tree, out string? key) ? key : null;

    public SourceSpan Of(SyntaxTree tree, TextSpan span) =>
        _keys.TryGetValue(tree, out string? key) ? new SourceSpan(key, span.Start, span.Length) : SourceSpan.None;

    public SourceSpan Of(SyntaxNode node) => Of(node.SyntaxTree, node.Span);

    public SourceSpan Of(SyntaxToken token) => token.SyntaxTree is null ? SourceSpan.None : Of(token.SyntaxTree, token.Span);

    public Location? ToLocation(SourceSpan span) =>
        !span.IsNone && _trees.TryGetValue(span.Path, out var tree) && span.Start + span.Length <= tree.Length
            ? Location.Create(tree, new TextSpan(span.Start, span.Length))
            : null;
}
