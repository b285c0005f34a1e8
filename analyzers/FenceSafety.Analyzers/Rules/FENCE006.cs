using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Allocation, wait or sleeping lock in atomic context.</summary>
static class FENCE006
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE006",
        title: "Allocation, wait or sleeping lock in atomic context",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Under a spin lock, or in code declared atomic, nothing may sleep.",
        helpLinkUri: Rule.HelpLink + "FENCE006.md");
}
