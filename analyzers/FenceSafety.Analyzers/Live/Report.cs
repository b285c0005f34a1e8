using System.Collections.Immutable;
using FenceSafety.Analyzers.Program;
using FenceSafety.Analyzers.Rules;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Findings;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Live;

/// <summary>A diagnostic in source, said without a tree.</summary>
sealed record Report(string Rule, SourceSpan Span, string Message)
{
    public ImmutableArray<SourceSpan> Hops { get; init; } = ImmutableArray<SourceSpan>.Empty;

    public ImmutableDictionary<string, string?> Properties { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>A suggestion, whatever the rule's severity is: nothing is wrong, something is idle.</summary>
    public bool IsSuggestion { get; init; }

    public static Report Of(Finding finding) => new(finding.Rule, finding.Span, finding.Message)
    {
        Hops = finding.Hops.ToImmutableArray(),
        Properties = finding.Properties.ToImmutableDictionary(static p => p.Key, static p => (string?)p.Value),
    };

    /// <summary>A diagnostic of a declaration; its rules add neither hops nor properties.</summary>
    public static Report Of(Diagnostic diagnostic, SpanMap spans) =>
        new(diagnostic.Id, spans.Of(diagnostic.Location.SourceTree!, diagnostic.Location.SourceSpan), diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Null if its place is not in this compilation.</summary>
    public Diagnostic? ToDiagnostic(SpanMap spans)
    {
        if (spans.ToLocation(Span) is not { } location)
            return null;
        var descriptor = Analyzers.Rules.Rule.Get(Rule);
        return IsSuggestion
            ? Diagnostic.Create(descriptor, location, DiagnosticSeverity.Info, null, null, Message)
            : Diagnostic.Create(descriptor, location, Hops.Select(spans.ToLocation).OfType<Location>(), Properties, Message);
    }
}
