using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Call or lock that cannot be verified.</summary>
static class FENCE008
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE008",
        title: "Call or lock that cannot be verified",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "Unknown is neither safe nor guessed: an annotation or an annotation file can say what it does.",
        helpLinkUri: Rule.HelpLink + "FENCE008.md");
}
