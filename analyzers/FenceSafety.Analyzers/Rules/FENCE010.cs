using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Annotation misuse.</summary>
static class FENCE010
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE010",
        title: "Annotation misuse",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An annotation that names nothing, contradicts another, or gives no reason does not say what its author meant.",
        helpLinkUri: Rule.HelpLink + "FENCE010.md");
}
