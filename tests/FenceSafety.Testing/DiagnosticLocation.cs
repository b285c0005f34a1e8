using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing;

/// <summary>Where a diagnostic is expected: a marked span by its key, or lines and columns in a file.</summary>
/// <param name="MarkupKey">The key of <c>{|#0:…|}</c>; else null.</param>
/// <param name="Path">The file, or null for the first source file.</param>
/// <param name="Span">Lines and columns, from zero.</param>
/// <param name="Precision">What of the span is compared.</param>
public sealed record DiagnosticLocation(int? MarkupKey, string? Path, LinePositionSpan Span, LocationPrecision Precision = LocationPrecision.Span);

/// <summary>What of an expected location is compared.</summary>
public enum LocationPrecision
{
    /// <summary>Start and end.</summary>
    Span,

    /// <summary>Line and column of the start.</summary>
    Start,

    /// <summary>The line of the start.</summary>
    Line,
}
