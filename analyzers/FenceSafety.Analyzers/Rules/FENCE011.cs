using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Managed allocation in fence-critical code.</summary>
static class FENCE011
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE011",
        title: "Managed allocation in fence-critical code",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A managed allocation may start a garbage collection, which stops this thread for an unbounded time.",
        helpLinkUri: Rule.HelpLink + "FENCE011.md");
}
