using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Allocation or fence wait under a lock that fence-critical code takes.</summary>
static class FENCE004
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE004",
        title: "Allocation or fence wait under a lock that fence-critical code takes",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The other end of FENCE002 and FENCE007: fence-critical or reclaim code takes this lock, directly or behind other locks.",
        helpLinkUri: Rule.HelpLink + "FENCE004.md");
}
