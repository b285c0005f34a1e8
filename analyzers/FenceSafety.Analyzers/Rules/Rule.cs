using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>What all rules share, and the list of them.</summary>
static class Rule
{
    public const string Category = "FenceSafety";
    public const string HelpLink = "https://github.com/fencesafety/fencesafety/blob/main/docs/rules/";

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        FENCE001.Descriptor,
        FENCE002.Descriptor,
        FENCE003.Descriptor,
        FENCE004.Descriptor,
        FENCE005.Descriptor,
        FENCE006.Descriptor,
        FENCE007.Descriptor,
        FENCE008.Descriptor,
        FENCE009.Descriptor,
        FENCE010.Descriptor,
        FENCE011.Descriptor,
        FENCE012.Descriptor,
        FENCE013.Descriptor,
        FENCE014.Descriptor,
        FENCE015.Descriptor,
        FENCE016.Descriptor);

    static readonly ImmutableDictionary<string, DiagnosticDescriptor> ById = All.ToImmutableDictionary(static d => d.Id);

    public static DiagnosticDescriptor Get(string id) => ById[id];
}
