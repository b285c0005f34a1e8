using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Stale snapshot.</summary>
static class FENCE015
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE015",
        title: "Stale snapshot",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "What was read without the lock may have changed by the time it is used.",
        helpLinkUri: Rule.HelpLink + "FENCE015.md");
}
