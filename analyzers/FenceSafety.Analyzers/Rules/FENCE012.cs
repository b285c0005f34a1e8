using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Visible member may allocate but does not say so.</summary>
static class FENCE012
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE012",
        title: "Visible member may allocate but does not say so",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        description: "A caller in another assembly sees attributes only: a blocking allocation that is not declared surprises it.",
        helpLinkUri: Rule.HelpLink + "FENCE012.md");
}
