using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Reference-counted object used after its lock was released.</summary>
static class FENCE014
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE014",
        title: "Reference-counted object used after its lock was released",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Once the lock is released the object may be freed: a reference keeps it while this waits.",
        helpLinkUri: Rule.HelpLink + "FENCE014.md");
}
