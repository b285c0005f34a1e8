using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Testing.Analysis;

/// <summary>Compares what was found with what was expected, one to one.</summary>
sealed class DiagnosticMatcher(ImmutableArray<DiagnosticDescriptor> descriptors)
{
    /// <summary>Fails unless every expectation has a diagnostic of its own and no diagnostic is left over.</summary>
    public void Verify(IReadOnlyList<DiagnosticResult> expected, IReadOnlyList<Diagnostic> actual, string what)
    {
        // A maximum matching, so that a loose expectation does not take the diagnostic that only a strict one would have fitted.
        var owner = new int?[actual.Count];
        var missing = new List<string>();
        for (int e = 0; e < expected.Count; e++)
        {
            if (!Assign(e, new bool[actual.Count]))
            {
                missing.Add(DiagnosticText.Describe(expected[e]));
            }
        }

        var extra = actual.Where((_, a) => owner[a] is null).Select(DiagnosticText.Key).ToList();
        if (missing.Count + extra.Count > 0)
        {
            throw new VerificationException(
                $"{what}: {expected.Count} expected, {actual.Count} found."
                + DiagnosticText.Lines("expected and not found:", missing)
                + DiagnosticText.Lines("found and not expected:", extra));
        }

        bool Assign(int e, bool[] seen)
        {
            for (int a = 0; a < actual.Count; a++)
            {
                if (!seen[a] && Fits(expected[e], actual[a]))
                {
                    seen[a] = true;
                    if (owner[a] is not { } other || Assign(other, seen))
                    {
                        owner[a] = e;
                        return true;
                    }
                }
            }

            return false;
        }
    }

    bool Fits(DiagnosticResult expected, Diagnostic actual)
    {
        string message = actual.GetMessage(CultureInfo.InvariantCulture);
        return expected.Id == actual.Id
            && (expected.Severity is null || expected.Severity == actual.Severity)
            && FitsLocations(expected.Locations, actual)
            && (expected.Message is null || expected.Message == message)
            && (expected.Arguments is not { } arguments || Format(actual.Id, arguments) == message)
            && expected.MessageParts.All(part => message.Contains(part, StringComparison.Ordinal))
            && expected.Properties.All(p => actual.Properties.TryGetValue(p.Key, out string? value) && value == p.Value);
    }

    static bool FitsLocations(ImmutableArray<DiagnosticLocation> expected, Diagnostic actual)
    {
        if (expected.IsEmpty)
        {
            return actual.Location.Kind == LocationKind.None;
        }

        return Fits(expected[0], actual.Location)
            && (expected.Length == 1
                || (actual.AdditionalLocations.Count == expected.Length - 1
                    && actual.AdditionalLocations.Zip(expected.Skip(1)).All(pair => Fits(pair.Second, pair.First))));
    }

    static bool Fits(DiagnosticLocation expected, Location actual)
    {
        var found = actual.GetLineSpan();
        return actual.Kind != LocationKind.None && found.Path == expected.Path && expected.Precision switch
        {
            LocationPrecision.Line => found.Span.Start.Line == expected.Span.Start.Line,
            LocationPrecision.Start => found.Span.Start == expected.Span.Start,
            _ => found.Span == expected.Span,
        };
    }

    string Format(string id, ImmutableArray<object?> arguments)
    {
        // One ID may have several message formats.
        var formats = descriptors.Where(d => d.Id == id).Select(d => d.MessageFormat.ToString(CultureInfo.InvariantCulture)).Distinct().ToList();
        return formats.Count == 1
            ? string.Format(CultureInfo.InvariantCulture, formats[0], [.. arguments])
            : throw new VerificationException($"WithArguments needs one message format for {id}; the analyzer has {formats.Count}. Use WithMessage.");
    }
}
