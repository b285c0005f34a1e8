using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>Writes the change as text edits, so that all that is not moved stays as it was, to the last blank.</summary>
sealed class Rewriter
{
    readonly SemanticModel _model;
    readonly Target _target;
    readonly Place _place;
    readonly SourceText _text;
    readonly Lines _lines;
    readonly List<TextChange> _changes = new();
    readonly StringBuilder _moved = new();
    readonly bool _inline;
    readonly string _indentation;

    Rewriter(SemanticModel model, Target target, Place place, CancellationToken cancel)
    {
        _model = model;
        _target = target;
        _place = place;
        _text = model.SyntaxTree.GetText(cancel);
        _lines = new Lines(_text, model.SyntaxTree.GetRoot(cancel));
        _inline = !_lines.BeginsLine(place.Before);
        _indentation = _lines.Indentation(place.Before);
    }

    /// <summary>The text after the change, or null where there is no room for it.</summary>
    public static SourceText? Apply(SemanticModel model, Target target, Place place, CancellationToken cancel) =>
        new Rewriter(model, target, place, cancel).Apply();

    SourceText? Apply()
    {
        var before = _place.Before;
        bool isListed = before.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax;
        if (!isListed && (before.Parent is LabeledStatementSyntax || !_lines.IsAlone(before)))
            return null;
        var moved = _place.MovesStatement ? _place.Dependencies.Add(_target.Statement) : _place.Dependencies;
        // Within a line there is no room for a comment that may run to the end of it.
        if (_inline && moved.Any(HasComments))
            return null;
        foreach (var statement in moved)
            Move(statement);
        if (!_place.MovesStatement && !MoveValue())
            return null;
        Insert(before, isListed);
        return _text.WithChanges(Merged());
    }

    static bool HasComments(SyntaxNode node) => node.DescendantTrivia().Any(static t =>
        !t.IsKind(SyntaxKind.WhitespaceTrivia) && !t.IsKind(SyntaxKind.EndOfLineTrivia));

    /// <summary>In order; of two neighbours that both remove the blank line between them, one.</summary>
    IEnumerable<TextChange> Merged()
    {
        var merged = new List<TextChange>();
        foreach (var change in _changes.OrderBy(static c => c.Span.Start).ThenBy(static c => c.Span.End))
        {
            var last = merged.LastOrDefault();
            if (merged.Count > 0 && change.Span.Start < last.Span.End)
                merged[merged.Count - 1] = new TextChange(TextSpan.FromBounds(last.Span.Start, Math.Max(last.Span.End, change.Span.End)), last.NewText + change.NewText);
            else
                merged.Add(change);
        }
        return merged;
    }

    void Move(StatementSyntax statement)
    {
        bool isListed = statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax;
        if (!_lines.IsAlone(statement))
        {
            Append(statement.Span, statement);
            int end = statement.Span.End;
            while (end < _text.Length && _text[end] == ' ')
                end++;
            _changes.Add(new TextChange(TextSpan.FromBounds(statement.SpanStart, end), isListed ? "" : "{ }" + _text.ToString(TextSpan.FromBounds(statement.Span.End, end))));
            return;
        }
        var lines = _lines.Of(statement);
        if (_inline)
            Append(statement.Span, statement);
        else
            _moved.Append(_lines.Reindented(lines, _lines.Indentation(statement), _indentation));
        string around = _lines.Indentation(statement.Parent!);
        string empty = around + "{" + _lines.EndOfLine + around + "}" + _lines.EndOfLine;
        _changes.Add(isListed ? new TextChange(_lines.ToRemove(lines), "") : new TextChange(lines, empty));
    }

    bool MoveValue()
    {
        var type = _model.GetTypeInfo(_target.Syntax);
        if (type is { Type.SpecialType: SpecialType.System_Void } or { ConvertedType: null })
            return false;
        bool isTargetTyped = type.Type is null || _target.Syntax is ImplicitObjectCreationExpressionSyntax or CollectionExpressionSyntax;
        string declared = isTargetTyped ? type.ConvertedType.ToMinimalDisplayString(_model, _target.Syntax.SpanStart) : "var";
        string name = Names.ForValue(_target, _model);
        string value = _lines.Reindented(_target.Syntax.Span, _lines.Indentation(_target.Statement), _indentation);
        Append(declared + " " + name + " = " + value + ";");
        var replaced = _target.Syntax.Parent is ParenthesizedExpressionSyntax parenthesized ? parenthesized.Span : _target.Syntax.Span;
        _changes.Add(new TextChange(replaced, name));
        return true;
    }

    void Insert(StatementSyntax before, bool isListed)
    {
        if (_inline)
        {
            _changes.Add(new TextChange(new TextSpan(before.SpanStart, 0), _moved.ToString()));
            return;
        }
        string open = "", around = _lines.Indentation(before.Parent!);
        if (!isListed)
        {
            open = around + "{" + _lines.EndOfLine;
            _changes.Add(new TextChange(new TextSpan(_lines.Of(before).End, 0), around + "}" + _lines.EndOfLine));
        }
        _changes.Add(new TextChange(new TextSpan(_lines.Start(before), 0), open + _moved));
    }

    void Append(TextSpan span, SyntaxNode statement) => Append(_lines.Reindented(span, _lines.Indentation(statement), _indentation));

    void Append(string statement) => _moved.Append(_inline ? statement + " " : _indentation + statement + _lines.EndOfLine);
}
