using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Contract broken by an override, implementation or conversion.</summary>
static class FENCE009
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE009",
        title: "Contract broken by an override, implementation or conversion",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Whoever calls through the base or the delegate relies on its contract.",
        helpLinkUri: Rule.HelpLink + "FENCE009.md");
}
