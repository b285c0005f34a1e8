using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>A report, and where it is.</summary>
sealed record Site(Document Document, SemanticModel Model, SyntaxNode Root, SourceText Text, Diagnostic Diagnostic, CancellationToken Cancel)
{
    public static async Task<Site?> OfAsync(Document document, Diagnostic diagnostic, CancellationToken cancel)
    {
        var model = await document.GetSemanticModelAsync(cancel).ConfigureAwait(false);
        var root = await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false);
        if (model is null || root is null || !root.FullSpan.Contains(diagnostic.Location.SourceSpan))
            return null;
        return new Site(document, model, root, await document.GetTextAsync(cancel).ConfigureAwait(false), diagnostic, cancel);
    }

    /// <summary>The innermost node of the report.</summary>
    public SyntaxNode Node { get; } = Root.FindNode(Diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);

    public StatementSyntax? Statement => Node.FirstAncestorOrSelf<StatementSyntax>();

    /// <summary>The member that it stands in; for top-level statements the file.</summary>
    public SyntaxNode Member => Node.Ancestors().FirstOrDefault(static n => n is MemberDeclarationSyntax and not GlobalStatementSyntax) ?? Root;

    public Lines Lines { get; } = new(Text, Root);

    public Change Change(string title, params TextChange[] edits) =>
        new(title, Document.WithText(Text.WithChanges(edits.OrderBy(static e => e.Span.Start))));

    /// <summary>The node that the report is about, if it is such a node and nothing more.</summary>
    public T? Reported<T>() where T : SyntaxNode => Node is T found && found.Span == Diagnostic.Location.SourceSpan ? found : null;
}
