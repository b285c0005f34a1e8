using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Blocking allocation in fence-critical code.</summary>
static class FENCE001
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE001",
        title: "Blocking allocation in fence-critical code",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Once a fence is public, code that must run until it signals may not allocate in a way that can block: reclaim may wait for that very fence.",
        helpLinkUri: Rule.HelpLink + "FENCE001.md");
}
