using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.Analysis;

/// <summary>Diagnostics and expectations as text: for messages, and as the key by which two runs are compared.</summary>
static class DiagnosticText
{
    /// <summary>Everything that a user or a code fix can see of a diagnostic.</summary>
    public static string Key(Diagnostic diagnostic)
    {
        var text = new StringBuilder();
        text.Append(Describe(diagnostic));
        foreach (var location in diagnostic.AdditionalLocations)
        {
            text.Append(" | ").Append(Place(location));
        }

        foreach (var (key, value) in diagnostic.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(" | ").Append(key).Append('=').Append(value);
        }

        return text.ToString();
    }

    public static string Describe(Diagnostic diagnostic)
        => $"{Place(diagnostic.Location)}: {diagnostic.Severity} {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}{Excerpt(diagnostic.Location)}";

    public static string Describe(DiagnosticResult expected)
    {
        var text = new StringBuilder();
        text.Append(expected.Locations.IsEmpty ? "(no location)" : string.Join(" | ", expected.Locations.Select(Place)));
        text.Append(": ");
        if (expected.Severity is { } severity)
        {
            text.Append(severity).Append(' ');
        }

        text.Append(expected.Id);
        text.Append(expected.Message is { } message ? ": " + message : "");
        text.Append(expected.Arguments is { } arguments ? $" with arguments ({string.Join(", ", arguments)})" : "");
        text.Append(string.Concat(expected.MessageParts.Select(p => $" with a message that contains '{p}'")));
        text.Append(string.Concat(expected.Properties.Select(p => $" with the property {p.Key}={p.Value}")));
        return text.ToString();
    }

    /// <summary>The difference of two lists of keys, or null if they are the same, counting repetitions.</summary>
    public static string? Difference(IEnumerable<string> left, string leftName, IEnumerable<string> right, string rightName)
    {
        var onlyRight = right.ToList();
        var onlyLeft = left.Where(key => !onlyRight.Remove(key)).ToList();
        return onlyLeft.Count + onlyRight.Count == 0
            ? null
            : Lines($"only {leftName}:", onlyLeft) + Lines($"only {rightName}:", onlyRight);
    }

    public static string Lines(string title, IEnumerable<string> lines)
    {
        string text = string.Concat(lines.Order(StringComparer.Ordinal).Select(line => "\n    " + line));
        return text.Length == 0 ? "" : "\n  " + title + text;
    }

    static string Place(DiagnosticLocation location)
        => location.Path + location.Precision switch
        {
            LocationPrecision.Line => $"({location.Span.Start.Line + 1},*)",
            LocationPrecision.Start => Position(location.Span.Start),
            _ => Range(location.Span),
        };

    static string Place(Location location)
        => location.Kind == LocationKind.None ? "(no location)" : location.GetLineSpan().Path + Range(location.GetLineSpan().Span);

    static string Range(LinePositionSpan span) => $"{Position(span.Start)}-{Position(span.End)}";

    static string Position(LinePosition position) => $"({position.Line + 1},{position.Character + 1})";

    static string Excerpt(Location location)
    {
        if (location.SourceTree is not { } tree)
        {
            return "";
        }

        string text = tree.GetText().ToString(location.SourceSpan);
        int end = text.IndexOf('\n');
        return $"  `{(end < 0 ? text : text[..end] + " …")}`";
    }
}
