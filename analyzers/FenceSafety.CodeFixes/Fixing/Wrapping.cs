using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>Puts whole lines of statements into a block of something, one level deeper, as text edits.</summary>
sealed class Wrapping(Site site)
{
    readonly List<TextChange> _edits = new();

    Lines Lines => site.Lines;

    public TextChange[] Edits => _edits.ToArray();

    /// <summary>The statements stand in lines of their own, and no directive is among them.</summary>
    public bool CanWrap(IReadOnlyList<StatementSyntax> list, int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            if (!Lines.IsAlone(list[i]) || list[i].ContainsDirectives)
                return false;
        }
        return true;
    }

    /// <summary>Takes the statement away; its comments stay.</summary>
    public void Remove(StatementSyntax statement)
    {
        if (Siblings.Of(statement).Count == 0)
        {
            _edits.Add(new TextChange(statement.Span, "{ }"));
            return;
        }
        var line = site.Text.Lines.GetLineFromPosition(statement.Span.End);
        bool isWhole = Lines.IsAlone(statement) && line.End == statement.Span.End;
        int start = site.Text.Lines.GetLineFromPosition(statement.SpanStart).Start, end = statement.Span.End;
        while (end < line.End && site.Text[end] == ' ')
            end++;
        _edits.Add(new TextChange(isWhole ? TextSpan.FromBounds(start, line.EndIncludingLineBreak) : TextSpan.FromBounds(statement.SpanStart, end), ""));
    }

    public void Add(TextChange edit) => _edits.Add(edit);

    /// <param name="last">The last statement that goes in.</param>
    /// <param name="through">Its end, or that of the statement after it that is replaced by <paramref name="closing"/>.</param>
    public void Wrap(StatementSyntax first, StatementSyntax last, StatementSyntax through, string opening, string closing)
    {
        string around = Lines.Indentation(first), eol = Lines.EndOfLine;
        int start = Lines.Start(first), end = Lines.Of(last).End;
        _edits.Add(new TextChange(new TextSpan(start, 0), around + opening + eol + around + "{" + eol));
        Indent(TextSpan.FromBounds(start, end));
        string rest = around + "}" + eol + closing;
        _edits.Add(new TextChange(TextSpan.FromBounds(end, Math.Max(end, Lines.Of(through).End)), BreakAt(end) + rest));
    }

    /// <summary>The statement's lines, one level below <paramref name="indentation"/>.</summary>
    public string Deeper(StatementSyntax statement, string indentation) =>
        Lines.Reindented(Lines.Of(statement), Lines.Indentation(statement), indentation + Unit(indentation));

    public static string Unit(string indentation) => indentation.Contains("\t") ? "\t" : "    ";

    public void Indent(TextSpan span)
    {
        for (int number = site.Text.Lines.GetLineFromPosition(span.Start).LineNumber; number < site.Text.Lines.Count; number++)
        {
            var line = site.Text.Lines[number];
            if (line.Start >= span.End)
                return;
            bool isText = string.IsNullOrWhiteSpace(line.ToString()) || IsInToken(line.Start) || _edits.Any(e => e.Span.Contains(line.Start) && e.Span.Length > 0);
            if (!isText)
                _edits.Add(new TextChange(new TextSpan(line.Start, 0), Unit(line.ToString().Substring(0, 1))));
        }
    }

    /// <summary>The last line of a file may lack its end.</summary>
    string BreakAt(int end) => end > 0 && site.Text[end - 1] is not ('\n' or '\r') ? Lines.EndOfLine : "";

    bool IsInToken(int position) => site.Root.FindToken(position) is var token && token.SpanStart < position && position < token.Span.End
        && !token.IsKind(SyntaxKind.None);
}
