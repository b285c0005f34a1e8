using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.Markup;

/// <summary>One marked span: <c>[|…|]</c> has neither ID nor key, <c>{|ID:…|}</c> an ID, <c>{|#0:…|}</c> a key.</summary>
public sealed record MarkupSpan(string? Id, int? Key, TextSpan Span);

/// <summary>Source text without its markup, and what the markup marked.</summary>
public sealed record MarkupDocument(string Text, IReadOnlyList<MarkupSpan> Spans)
{
    /// <summary>The lines of a span, counted from zero as Roslyn does.</summary>
    public LinePositionSpan LinesOf(TextSpan span) => SourceText.From(Text).Lines.GetLinePositionSpan(span);
}
