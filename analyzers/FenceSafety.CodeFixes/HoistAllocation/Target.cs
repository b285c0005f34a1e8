using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>The allocating expression, with the <c>await</c> of it, and the statement that it stands in.</summary>
sealed record Target(ExpressionSyntax Reported, ExpressionSyntax Syntax, IOperation Operation, StatementSyntax Statement)
{
    /// <summary>The member that it stands in; for top-level statements the file.</summary>
    public SyntaxNode Member { get; } =
        Statement.Ancestors().FirstOrDefault(static n => n is MemberDeclarationSyntax and not GlobalStatementSyntax) ?? Statement.SyntaxTree.GetRoot();

    public static Target? Find(SemanticModel model, TextSpan span, CancellationToken cancel)
    {
        var node = model.SyntaxTree.GetRoot(cancel).FindNode(span, getInnermostNodeForTie: true);
        if (node is not ExpressionSyntax reported || node.Span != span)
            return null;
        var syntax = WithAwait(reported);
        if (syntax.ContainsDirectives || syntax.FirstAncestorOrSelf<StatementSyntax>() is not { } statement)
            return null;
        return model.GetOperation(syntax, cancel) is { } operation ? new Target(reported, syntax, operation, statement) : null;
    }

    /// <summary><c>await x</c> and <c>await x.ConfigureAwait(…)</c> for x.</summary>
    public static ExpressionSyntax WithAwait(ExpressionSyntax reported)
    {
        var task = reported;
        if (task.Parent is MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait", Parent: InvocationExpressionSyntax configured })
            task = configured;
        return task.Parent is AwaitExpressionSyntax wait ? wait : reported;
    }

    /// <summary>The call in the user's words, without its arguments.</summary>
    public string Name => NameOf(Reported);

    public static string NameOf(ExpressionSyntax reported) => reported switch
    {
        InvocationExpressionSyntax { Expression: var called } when IsShort(called) => called.ToString(),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } => name.ToString(),
        ObjectCreationExpressionSyntax { Type: var type } => "new " + type,
        ArrayCreationExpressionSyntax { Type: var type } => "new " + type,
        _ when IsShort(reported) => reported.ToString(),
        _ => "the allocation",
    };

    static bool IsShort(SyntaxNode node) => node.Span.Length <= 50 && !node.DescendantTrivia().Any(static t => t.IsKind(SyntaxKind.EndOfLineTrivia));
}
