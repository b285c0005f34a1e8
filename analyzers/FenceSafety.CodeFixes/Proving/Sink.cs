using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.Proving;

/// <summary>The place that a chain ends at.</summary>
static class Sink
{
    /// <summary>The expression that allocates, if it is in this document: the report's own place, or its last hop.</summary>
    public static T? Find<T>(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel) where T : ExpressionSyntax
    {
        var last = diagnostic.AdditionalLocations.LastOrDefault() ?? diagnostic.Location;
        return last.SourceTree == model.SyntaxTree
            && model.SyntaxTree.GetRoot(cancel).FindNode(last.SourceSpan, getInnermostNodeForTie: true) is T found && found.Span == last.SourceSpan
                ? found
                : null;
    }

    public static bool IsKind(Diagnostic diagnostic, string kind) => diagnostic.Properties.TryGetValue("kind", out string? found) && found == kind;
}
