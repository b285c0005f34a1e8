using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Rules;

/// <summary>Fence-critical code acquires a lock that is held while allocating or waiting for a fence.</summary>
static class FENCE002
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        id: "FENCE002",
        title: "Fence-critical code acquires a lock that is held while allocating or waiting for a fence",
        messageFormat: "{0}",
        category: Rule.Category,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lock that somebody holds while allocating or waiting for a fence, directly or behind other locks, can deadlock with the fence that this code must signal.",
        helpLinkUri: Rule.HelpLink + "FENCE002.md");
}
