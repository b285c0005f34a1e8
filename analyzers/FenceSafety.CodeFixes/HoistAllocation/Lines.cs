using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>Statements as lines of text, with their comments.</summary>
sealed class Lines(SourceText text, SyntaxNode root)
{
    public string EndOfLine { get; } = text.Lines.Count > 1 ? text.ToString(TextSpan.FromBounds(text.Lines[0].End, text.Lines[0].EndIncludingLineBreak)) : "\n";

    public bool BeginsLine(SyntaxNodeOrToken node) => string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(StartOfLine(node.SpanStart), node.SpanStart)));

    public int StartOfLine(int position) => text.Lines.GetLineFromPosition(position).Start;

    /// <summary>Where the lines of the span begin, without blank ones.</summary>
    public IEnumerable<int> Starts(TextSpan span)
    {
        for (int i = text.Lines.GetLineFromPosition(span.Start).LineNumber; i < text.Lines.Count && text.Lines[i].Start < span.End; i++)
        {
            if (!IsBlank(text.Lines[i]))
                yield return text.Lines[i].Start;
        }
    }

    /// <summary>The statement has its lines for itself.</summary>
    public bool IsAlone(SyntaxNode node)
    {
        var last = text.Lines.GetLineFromPosition(node.Span.End);
        var rest = root.FindToken(node.Span.End - 1).GetNextToken();
        return BeginsLine(node) && (rest.IsKind(SyntaxKind.None) || rest.SpanStart >= last.End);
    }

    public string Indentation(SyntaxNodeOrToken node)
    {
        string line = text.Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>From the first of its comments to the end of its last line.</summary>
    public TextSpan Of(SyntaxNode node) =>
        TextSpan.FromBounds(Start(node), text.Lines.GetLineFromPosition(node.Span.End).EndIncludingLineBreak);

    /// <summary>Where a line goes that is to stand before the statement: after directives, and before the statement's comments.</summary>
    public int Start(SyntaxNode node)
    {
        int start = node.SpanStart;
        if (!node.GetFirstToken().GetPreviousToken().IsKind(SyntaxKind.None))
        {
            foreach (var trivia in node.GetLeadingTrivia().Reverse())
            {
                if (trivia.IsDirective || trivia.IsKind(SyntaxKind.DisabledTextTrivia))
                    break;
                if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia))
                    start = trivia.SpanStart;
            }
        }
        return text.Lines.GetLineFromPosition(start).Start;
    }

    /// <summary>The text with another indentation; lines inside string literals stay.</summary>
    public string Reindented(TextSpan span, string from, string to)
    {
        var result = new StringBuilder();
        for (var line = text.Lines.GetLineFromPosition(span.Start); ; line = text.Lines[line.LineNumber + 1])
        {
            int start = Math.Max(line.Start, span.Start);
            string part = text.ToString(TextSpan.FromBounds(start, Math.Min(line.EndIncludingLineBreak, span.End)));
            bool moves = start == line.Start && part.StartsWith(from, StringComparison.Ordinal) && part.Trim().Length > 0 && !IsInToken(start);
            result.Append(moves ? to + part.Substring(from.Length) : part);
            if (line.EndIncludingLineBreak >= span.End)
                return result.ToString();
        }
    }

    /// <summary>The lines, with a blank line that would be left over.</summary>
    public TextSpan ToRemove(TextSpan lines)
    {
        var first = text.Lines.GetLineFromPosition(lines.Start);
        if (lines.End >= text.Length || first.LineNumber == 0)
            return lines;
        var next = text.Lines.GetLineFromPosition(lines.End);
        var previous = text.Lines[first.LineNumber - 1];
        if (IsBlank(next) && (IsBlank(previous) || previous.ToString().TrimEnd().EndsWith("{", StringComparison.Ordinal)))
            return TextSpan.FromBounds(lines.Start, next.EndIncludingLineBreak);
        return IsBlank(previous) && next.ToString().TrimStart().StartsWith("}", StringComparison.Ordinal)
            ? TextSpan.FromBounds(previous.Start, lines.End)
            : lines;
    }

    public bool IsInToken(int position) => root.FindToken(position) is var token && token.SpanStart < position && position < token.Span.End;

    static bool IsBlank(TextLine line) => string.IsNullOrWhiteSpace(line.ToString());
}
