using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Editing;

/// <summary>Puts lines before and after statements, with braces where a statement stands alone.</summary>
/// <param name="extra">What the code around is indented further at the same time.</param>
/// <param name="first">Where that begins.</param>
sealed class Enclosing(Lines lines, Edits edits, string unit, string extra, StatementSyntax first)
{
    readonly List<TextSpan> _replaced = new();

    public bool Around(StatementSyntax statement, string[] before, string[] after)
    {
        if (before.Length + after.Length == 0)
            return true;
        bool isListed = statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax;
        if (isListed && lines.IsAlone(statement))
        {
            string indentation = lines.Indentation(statement) + extra;
            edits.Insert(lines.Start(statement), Lines(before, indentation));
            edits.Insert(lines.Of(statement).End, Lines(after, indentation));
            return true;
        }
        if (isListed || IsOnFirstLine(statement))
        {
            edits.Insert(statement.SpanStart, (isListed ? "" : "{ ") + string.Concat(before.Select(static l => l.Trim() + " ")));
            edits.Insert(statement.Span.End, string.Concat(after.Select(static l => " " + l.Trim())) + (isListed ? "" : " }"));
            return true;
        }
        return InBraces(statement, before, after);
    }

    bool InBraces(StatementSyntax statement, string[] before, string[] after)
    {
        var previous = statement.GetFirstToken().GetPreviousToken();
        if (previous.TrailingTrivia.Concat(statement.GetLeadingTrivia()).Any(static t =>
            !t.IsKind(SyntaxKind.WhitespaceTrivia) && !t.IsKind(SyntaxKind.EndOfLineTrivia)))
        {
            return false;
        }
        string outer = lines.Indentation(statement.Parent!) + extra, inner = outer + unit;
        var gap = TextSpan.FromBounds(previous.Span.End, statement.SpanStart);
        _replaced.Add(gap);
        edits.Replace(gap, lines.EndOfLine + outer + "{" + lines.EndOfLine + Lines(before, inner) + inner);
        edits.Insert(statement.Span.End, string.Concat(after.Append("}").Select((l, i) =>
            lines.EndOfLine + (i == after.Length ? outer : inner) + l)));
        return true;
    }

    public bool AtEnd(BlockSyntax block, string[] statements)
    {
        if (statements.Length == 0)
            return true;
        if (lines.BeginsLine(block.CloseBraceToken))
            edits.Insert(lines.StartOfLine(block.CloseBraceToken.SpanStart), Lines(statements, lines.Indentation(block.CloseBraceToken) + extra + unit));
        else
            edits.Insert(block.CloseBraceToken.SpanStart, string.Concat(statements.Select(static s => s + " ")));
        return true;
    }

    /// <summary>Indents from the first to the last statement; to be called after all that is inserted between them.</summary>
    public void Reindent(StatementSyntax last)
    {
        foreach (int start in lines.Starts(TextSpan.FromBounds(lines.Start(first), last.Span.End)))
        {
            if (!lines.IsInToken(start) && !_replaced.Any(r => r.Start < start && start <= r.End))
                edits.Insert(start, extra);
        }
    }

    bool IsOnFirstLine(StatementSyntax statement) => lines.StartOfLine(statement.SpanStart) == lines.StartOfLine(first.SpanStart);

    string Lines(string[] texts, string indentation) => string.Concat(texts.Select(t => indentation + t + lines.EndOfLine));
}
