using System.Collections.Immutable;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>A value that a function makes first of all, and that its callers could make as well.</summary>
/// <param name="Syntax">The expression, with its <c>await</c>.</param>
/// <param name="Function">A method, constructor or local function.</param>
/// <param name="Inlined">Locals that the expression needs, and what they are computed from.</param>
sealed record LiftTarget(
    SemanticModel Model, ExpressionSyntax Reported, ExpressionSyntax Syntax, SyntaxNode Function, IMethodSymbol Method, ITypeSymbol Type,
    ImmutableDictionary<ISymbol, ExpressionSyntax> Inlined)
{
    /// <summary>The declaration that becomes the parameter, if there is one.</summary>
    public LocalDeclarationStatementSyntax? Declaration { get; } =
        Syntax.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } d } } v }
            && d.Parent is BlockSyntax && Names.IsFree(v.Identifier.ValueText, d, Function) ? d : null;

    /// <param name="moved">Expressions before it that go up with it.</param>
    public static LiftTarget? Find(
        SemanticModel model, ExpressionSyntax reported, bool isBoxed, CancellationToken cancel, IEnumerable<SyntaxNode>? moved = null)
    {
        var syntax = isBoxed ? reported : Target.WithAwait(reported);
        if (FunctionOf(syntax) is not { } function || model.GetDeclaredSymbol(function, cancel) is not IMethodSymbol method
            || syntax.ContainsDirectives || function.DescendantNodes().OfType<YieldStatementSyntax>().Any()
            || model.GetOperation(syntax, cancel) is not { } operation || TypeOf(model, syntax, isBoxed, cancel) is not { } type)
        {
            return null;
        }
        // Its value is not used: there is nothing to hand over.
        if (syntax.Parent is ExpressionStatementSyntax or RefExpressionSyntax or ArrowExpressionClauseSyntax && method.ReturnsVoid)
            return null;
        return new WayUp(model, method, function, moved ?? Enumerable.Empty<SyntaxNode>(), cancel).Inline(syntax, operation) is { } inlined
            ? new LiftTarget(model, reported, syntax, function, method, type, inlined)
            : null;
    }

    /// <summary>The innermost function, if its callers can be found by name.</summary>
    static SyntaxNode? FunctionOf(ExpressionSyntax syntax)
    {
        var around = syntax.Ancestors().FirstOrDefault(static n =>
            n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax
                or BasePropertyDeclarationSyntax or BaseTypeDeclarationSyntax or ParameterSyntax);
        return around is MethodDeclarationSyntax or LocalFunctionStatementSyntax
            || (around is ConstructorDeclarationSyntax c && !c.Modifiers.Any(SyntaxKind.StaticKeyword))
            ? around : null;
    }

    static ITypeSymbol? TypeOf(SemanticModel model, ExpressionSyntax syntax, bool isBoxed, CancellationToken cancel)
    {
        var info = model.GetTypeInfo(syntax, cancel);
        var type = isBoxed || info.Type is null || syntax is ImplicitObjectCreationExpressionSyntax or CollectionExpressionSyntax or InterpolatedStringExpressionSyntax
            ? info.ConvertedType
            : info.Type;
        return type is null or { TypeKind: TypeKind.Error or TypeKind.Dynamic } or { SpecialType: SpecialType.System_Void } or { IsAnonymousType: true } ? null : type;
    }
}
