using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Lock-order inversion.</summary>
static class FENCE005
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE005",
        title: "Lock-order inversion",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Two orders of the same locks, or two objects of one lock class nested, deadlock when two threads meet.",
        helpLinkUri: Rule.HelpLink + "FENCE005.md");
}
