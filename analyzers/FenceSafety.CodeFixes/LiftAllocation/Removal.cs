using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>Takes a statement out of its block; its comments stay, and no blank line is left at the top.</summary>
static class Removal
{
    /// <summary>Of the annotation that the statement bears.</summary>
    public const string Kind = "FenceSafety.Removed";

    public static SyntaxNode Of(SyntaxNode root, StatementSyntax statement)
    {
        var block = (BlockSyntax)statement.Parent!;
        int index = block.Statements.IndexOf(statement);
        var leading = statement.GetLeadingTrivia();
        // The white space before the first comment on its line goes; that of the next statement is its own.
        var kept = leading.Any(IsComment) ? leading.Reverse().SkipWhile(static t => t.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse().ToList() : leading.TakeWhile(static t => t.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        if (statement.GetTrailingTrivia().FirstOrDefault(IsComment) is var comment && comment != default)
            kept.AddRange(leading.Where(static t => t.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1).Append(comment).Append(SyntaxFactory.LineFeed));
        var next = statement.GetLastToken().GetNextToken();
        var after = next.LeadingTrivia.ToList();
        if (index == 0 || (kept.Count > 0 && kept.All(static t => t.IsKind(SyntaxKind.EndOfLineTrivia))))
            after = after.SkipWhile(static t => t.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        if (next == block.CloseBraceToken)
            kept = kept.SkipWhile(static t => t.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        var changed = root.ReplaceToken(next, next.WithLeadingTrivia(kept.Concat(after)));
        var mark = changed.GetAnnotatedNodes(statement.GetAnnotations(Kind).First()).First();
        return changed.RemoveNode(mark, SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    static bool IsComment(SyntaxTrivia trivia) => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia);
}
