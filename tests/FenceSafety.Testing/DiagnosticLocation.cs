using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing;

/// <summary>Where a diagnostic is expected: a marked span by its key, or lines and columns in a file.</summary>
/// <param name="MarkupKey">The key of <c>{|#0:…|}</c>; else null.</param>
/// <param name="Path">The file, or null for the first source file.</param>
/// <param name="Span">Lines and columns, from zero.</param>
/// <param name="StartOnly">Only the start is compared.</param>
public sealed record DiagnosticLocation(int? MarkupKey, string? Path, LinePositionSpan Span, bool StartOnly);
