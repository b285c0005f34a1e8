using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.SwapAcquisitions;

/// <summary>
/// Two <c>lock</c> or <c>using</c> statements, the inner one among other statements of the outer's block. Taken first, the inner lock is
/// held over all of that block: both are held wherever they were before.
/// </summary>
sealed record Widening(Acquisition Outer, Acquisition Inner, BlockSyntax Block)
{
    public static Widening? Of(Site site)
    {
        if (site.Statement is not (LockStatementSyntax or UsingStatementSyntax { Declaration: null }) || site.Statement.Parent is not BlockSyntax { Statements.Count: > 1 } block
            || block.Parent is not (LockStatementSyntax or UsingStatementSyntax) || block.Parent.ContainsDirectives
            || Acquisition.Of(site.Statement, site.Model) is not { IsKnown: true } inner || inner.Taking.Span != site.Diagnostic.Location.SourceSpan
            || Acquisition.Of((StatementSyntax)block.Parent, site.Model) is not { IsKnown: true } outer)
        {
            return null;
        }
        return new Widening(outer, inner, block);
    }

    /// <summary>Both headers one above the other, and the inner body in the place of the inner statement.</summary>
    public TextChange[]? Edits(Site site)
    {
        var lines = site.Lines;
        var body = Inner.Statement is LockStatementSyntax l ? l.Statement : ((UsingStatementSyntax)Inner.Statement).Statement;
        IReadOnlyList<StatementSyntax> moved = body is BlockSyntax b ? b.Statements : new[] { body };
        if (!lines.BeginsLine(Outer.Statement) || !lines.IsAlone(Inner.Statement) || !moved.All(lines.IsAlone) || moved.Any(static s => s is LocalDeclarationStatementSyntax))
            return null;
        string around = lines.Indentation(Outer.Statement), at = lines.Indentation(Inner.Statement);
        var header = TextSpan.FromBounds(Inner.Statement.SpanStart, Close(Inner.Statement).Span.End);
        // Comments of the inner statement stay; those of its braces, and after its header, would go with them.
        var whole = TextSpan.FromBounds(site.Text.Lines.GetLineFromPosition(Inner.Statement.SpanStart).Start, lines.Of(Inner.Statement).End);
        string text = string.Concat(moved.Select(s => lines.Reindented(lines.Of(s), lines.Indentation(s), at)));
        if (site.Root.DescendantTrivia(whole).Any(t => IsComment(t) && !moved.Any(s => lines.Of(s).Contains(t.Span)) && t.SpanStart > header.End && t.SpanStart > EndOfLine(site, header)))
            return null;
        string comment = site.Text.ToString(TextSpan.FromBounds(header.End, EndOfLine(site, header))).TrimEnd();
        bool isPlain = comment.Length == 0 || comment.TrimStart().StartsWith("//", StringComparison.Ordinal);
        return isPlain
            ? new[]
            {
                new TextChange(new TextSpan(Outer.Statement.SpanStart, 0), site.Text.ToString(header) + comment + lines.EndOfLine + around),
                new TextChange(whole, text),
            }
            : null;
    }

    static SyntaxToken Close(StatementSyntax statement) => statement is LockStatementSyntax l ? l.CloseParenToken : ((UsingStatementSyntax)statement).CloseParenToken;

    static int EndOfLine(Site site, TextSpan span) => site.Text.Lines.GetLineFromPosition(span.End).End;

    static bool IsComment(SyntaxTrivia trivia) => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia);
}
