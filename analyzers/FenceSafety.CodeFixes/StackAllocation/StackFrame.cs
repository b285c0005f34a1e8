using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.StackAllocation;

/// <summary>What may live in a function's frame.</summary>
static class StackFrame
{
    /// <summary>
    /// Run at most once in a call: not in a loop, and no call of itself. Not in a handler, where the language forbids it, nor where locals
    /// are not zeroed.
    /// </summary>
    public static bool IsOnce(ExpressionSyntax creation, SemanticModel model, CancellationToken cancel)
    {
        var function = creation.Ancestors().FirstOrDefault(static n =>
            n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax or BasePropertyDeclarationSyntax);
        if (function is null || creation.Ancestors().TakeWhile(n => n != function).Any(static n => IsLoop(n) || n is CatchClauseSyntax or FinallyClauseSyntax))
            return false;
        var symbol = function is AnonymousFunctionExpressionSyntax or BasePropertyDeclarationSyntax ? null : model.GetDeclaredSymbol(function, cancel);
        bool isRepeated = function.DescendantNodes().Any(n => n is GotoStatementSyntax or YieldStatementSyntax or AwaitExpressionSyntax
            || n is InvocationExpressionSyntax call && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(call, cancel).Symbol?.OriginalDefinition, symbol));
        return !isRepeated && !(symbol is IMethodSymbol { IsAsync: true }) && !SkipsInit(model.GetEnclosingSymbol(creation.SpanStart, cancel));
    }

    /// <summary>The array is only indexed, measured, enumerated, and passed as a span.</summary>
    public static bool Keeps(ILocalSymbol local, SemanticModel model, SyntaxNode declaration, CancellationToken cancel)
    {
        var scope = declaration.FirstAncestorOrSelf<BlockSyntax>();
        return scope is not null && scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(n => n.Identifier.ValueText == local.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(n, cancel).Symbol, local))
            .All(n => IsFine(n, model, cancel));
    }

    static bool IsFine(IdentifierNameSyntax use, SemanticModel model, CancellationToken cancel)
    {
        if (use.Ancestors().Any(static a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or QueryExpressionSyntax))
            return false;
        return use.Parent switch
        {
            ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } e => e.Expression == use
                && model.GetTypeInfo(arguments[0].Expression, cancel).Type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_Int32,
            MemberAccessExpressionSyntax { Name.Identifier.Text: "Length" } m => m.Expression == use,
            CommonForEachStatementSyntax f => f.Expression == use,
            ArgumentSyntax { RefKindKeyword.RawKind: 0 } => model.GetOperation(use, cancel)?.Parent is IConversionOperation { Type: INamedTypeSymbol { Name: "Span" or "ReadOnlySpan", ContainingNamespace.Name: "System" } },
            _ => false,
        };
    }

    static bool IsLoop(SyntaxNode node) => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax;

    static bool SkipsInit(ISymbol? symbol)
    {
        for (; symbol is not null; symbol = symbol.ContainingSymbol)
        {
            if (symbol.GetAttributes().Any(static a => a.AttributeClass?.Name == "SkipLocalsInitAttribute"))
                return true;
        }
        return false;
    }
}
