using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Reclaim-path code allocates or takes a lock held while allocating.</summary>
static class FENCE007
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE007",
        title: "Reclaim-path code allocates or takes a lock held while allocating",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Memory reclaim may neither allocate nor take a lock that is held elsewhere while allocating.",
        helpLinkUri: Rule.HelpLink + "FENCE007.md");
}
