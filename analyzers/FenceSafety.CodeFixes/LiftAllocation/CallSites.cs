using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>One place that calls: an invocation, a creation, or a constructor's initialiser.</summary>
sealed record CallSite(Document Document, SemanticModel Model, SyntaxNode Call)
{
    public ArgumentListSyntax? Arguments => Call switch
    {
        InvocationExpressionSyntax i => i.ArgumentList,
        BaseObjectCreationExpressionSyntax c => c.ArgumentList,
        ConstructorInitializerSyntax c => c.ArgumentList,
        PrimaryConstructorBaseTypeSyntax b => b.ArgumentList,
        _ => null,
    };

    /// <summary>The function that the call is made in, or null for an initialiser or a lambda.</summary>
    public SyntaxNode? Function => Call.Ancestors().FirstOrDefault(static n =>
        n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax or BaseTypeDeclarationSyntax)
        is var f and (BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax) ? f : null;
}

/// <summary>Finds all uses of a family in the solution.</summary>
static class CallSites
{
    /// <summary>Null if one use is not a call: a delegate, or something the compiler calls by itself.</summary>
    public static async Task<List<CallSite>?> FindAsync(Family family, Solution solution, CancellationToken cancel)
    {
        var sites = new List<CallSite>();
        var seen = new HashSet<(DocumentId, Microsoft.CodeAnalysis.Text.TextSpan)>();
        foreach (var member in family.Members.ToList())
        {
            var found = await SymbolFinder.FindReferencesAsync(member, solution, cancel).ConfigureAwait(false);
            foreach (var reference in found.Where(r => family.Contains(r.Definition)).SelectMany(static r => r.Locations))
            {
                if (!seen.Add((reference.Document.Id, reference.Location.SourceSpan)))
                    continue;
                if (reference.IsCandidateLocation || reference.Document is SourceGeneratedDocument || !reference.Document.SupportsSyntaxTree)
                    return null;
                var root = (await reference.Document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
                var node = root.FindNode(reference.Location.SourceSpan, findInsideTrivia: true, getInnermostNodeForTie: true);
                if (node.IsPartOfStructuredTrivia() || IsNameOf(node))
                    continue;
                // `new()` does not name what it calls.
                if ((reference.IsImplicit && node is not ImplicitObjectCreationExpressionSyntax) || CallOf(node) is not { } call)
                    return null;
                sites.Add(new CallSite(reference.Document, (await reference.Document.GetSemanticModelAsync(cancel).ConfigureAwait(false))!, call));
            }
        }
        return sites;
    }

    static SyntaxNode? CallOf(SyntaxNode node)
    {
        if (node is BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax)
            return node;
        while (node.Parent is QualifiedNameSyntax or AliasQualifiedNameSyntax or GenericNameSyntax)
            node = node.Parent;
        if (node.Parent is ObjectCreationExpressionSyntax creation && creation.Type == node)
            return creation;
        if (node.Parent is PrimaryConstructorBaseTypeSyntax b && b.Type == node)
            return b;
        if (node.Parent is MemberAccessExpressionSyntax m && m.Name == node || node.Parent is MemberBindingExpressionSyntax)
            node = node.Parent;
        return node.Parent is InvocationExpressionSyntax call && call.Expression == node ? call : null;
    }

    static bool IsNameOf(SyntaxNode node) => node.Ancestors().OfType<InvocationExpressionSyntax>()
        .Any(static i => i.Expression is IdentifierNameSyntax { Identifier.RawKind: (int)SyntaxKind.IdentifierToken, Identifier.Text: "nameof" });
}
