using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Fence-critical code waits.</summary>
static class FENCE003
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE003",
        title: "Fence-critical code waits",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Code that must run until a fence signals may not wait for a fence, nor without a bound for something else.",
        helpLinkUri: Rule.HelpLink + "FENCE003.md");
}
