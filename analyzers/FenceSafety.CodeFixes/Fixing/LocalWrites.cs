using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>Where a local is written.</summary>
static class LocalWrites
{
    /// <summary>Values that the local is given; null for one that no expression stands for.</summary>
    public static IEnumerable<ExpressionSyntax?> Of(Site site, ILocalSymbol local)
    {
        foreach (var node in site.Member.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Initializer.Value: var value } d when d.Identifier.ValueText == local.Name && IsIt(site.Model.GetDeclaredSymbol(d, site.Cancel)):
                    yield return value;
                    break;
                case SingleVariableDesignationSyntax d when d.Identifier.ValueText == local.Name && IsIt(site.Model.GetDeclaredSymbol(d, site.Cancel)):
                    yield return null;
                    break;
                case IdentifierNameSyntax i when i.Identifier.ValueText == local.Name && Is(i) && IsIt(site.Model.GetSymbolInfo(i, site.Cancel).Symbol):
                    yield return i.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } a ? a.Right : null;
                    break;
            }
        }

        bool IsIt(ISymbol? symbol) => SymbolEqualityComparer.Default.Equals(symbol, local);
    }

    public static bool Is(IdentifierNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax a => a.Left == name,
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax } } => true,
        PrefixUnaryExpressionSyntax p => p.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression,
        PostfixUnaryExpressionSyntax p => !p.IsKind(SyntaxKind.SuppressNullableWarningExpression),
        RefExpressionSyntax => true,
        _ => false,
    };
}
