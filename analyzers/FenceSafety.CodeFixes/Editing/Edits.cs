using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Editing;

/// <summary>Edits of one text, in any order. What is inserted at one place keeps the order in which it was added.</summary>
sealed class Edits(SourceText text)
{
    readonly List<TextChange> _changes = new();

    public void Insert(int position, string inserted) => _changes.Add(new TextChange(new TextSpan(position, 0), inserted));

    public void Replace(TextSpan span, string replacement) => _changes.Add(new TextChange(span, replacement));

    /// <summary>Null if two of them meet.</summary>
    public SourceText? Apply()
    {
        var merged = new List<TextChange>();
        foreach (var change in _changes.OrderBy(static c => c.Span.Start).ThenBy(static c => c.Span.Length > 0))
        {
            if (merged.Count > 0 && merged[merged.Count - 1] is var last && change.Span.Start <= last.Span.End)
            {
                if (change.Span.Start < last.Span.End)
                    return null;
                if (last.Span.Length == 0 || change.Span.Start == last.Span.End)
                {
                    merged[merged.Count - 1] = new TextChange(TextSpan.FromBounds(last.Span.Start, change.Span.End), last.NewText + change.NewText);
                    continue;
                }
            }
            merged.Add(change);
        }
        return text.WithChanges(merged);
    }
}
