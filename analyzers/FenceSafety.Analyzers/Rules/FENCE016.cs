using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Lock not released, not held, or not met.</summary>
static class FENCE016
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE016",
        title: "Lock not released, not held, or not met",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Locks must be given back on every way out, once, and held where they are required.",
        helpLinkUri: Rule.HelpLink + "FENCE016.md");
}
