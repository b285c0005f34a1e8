using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Value that must be consumed is dropped.</summary>
static class FENCE013
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE013",
        title: "Value that must be consumed is dropped",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Dropping the value loses what it stands for: memory, a reservation, a promise.",
        helpLinkUri: Rule.HelpLink + "FENCE013.md");
}
