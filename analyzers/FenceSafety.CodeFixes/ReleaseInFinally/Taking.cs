using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using FenceSafety.CodeFixes.Fixing;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.ReleaseInFinally;

/// <summary>A statement that takes a lock or begins a region.</summary>
/// <param name="Key">Equal for the calls that give it back.</param>
/// <param name="Guard">The local that holds the guard; empty if the guard is dropped; null if there is none.</param>
/// <param name="Name">What the user calls the lock.</param>
sealed record Taking(StatementSyntax Statement, IInvocationOperation Call, string Key, string? Guard, string Name)
{
    public static Taking? Of(Site site)
    {
        if (site.Reported<InvocationExpressionSyntax>() is not { } syntax || site.Model.GetOperation(syntax, site.Cancel) is not IInvocationOperation call)
            return null;
        if (LockCalls.MayFail(call) || site.Statement is not { } statement)
            return null;
        string name = Pairs.NameOf(call);
        string? local = Local(statement, syntax);
        if (local is null)
            return null;
        if (IsGuard(call))
            return new Taking(statement, call, local + ".Dispose", local, name);
        return new Taking(statement, call, Pairs.KeyOf(call), null, name);
    }

    /// <summary>The local that the whole of the statement sets to the result; empty if the result is dropped.</summary>
    static string? Local(StatementSyntax statement, ExpressionSyntax call)
    {
        ExpressionSyntax value = call;
        while (value.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax)
            value = (ExpressionSyntax)value.Parent;
        return statement switch
        {
            ExpressionStatementSyntax e when e.Expression == value => "",
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "_" } } a } when a.Right == value => "",
            LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } v } when v[0].Initializer?.Value == value
                => v[0].Identifier.ValueText,
            _ => null,
        };
    }

    static bool IsGuard(IInvocationOperation call) => LockApi.Recognize(call) is { } api
        ? api.ReturnsGuard
        : call.Type is INamedTypeSymbol { SpecialType: SpecialType.None } type && type.ContainingNamespace?.ToString() != "System.Threading.Tasks"
            && (type.GetMembers("Dispose").Any(static m => m is IMethodSymbol { Parameters.IsEmpty: true, DeclaredAccessibility: Accessibility.Public })
                || type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_IDisposable));

    /// <summary>The statement gives back what this one takes, and nothing more.</summary>
    public bool IsReleasedBy(SyntaxNode node, SemanticModel model)
    {
        if (node is not ExpressionStatementSyntax { Expression: InvocationExpressionSyntax syntax })
            return false;
        if (Guard is { Length: > 0 })
            return syntax is { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Dispose", Expression: IdentifierNameSyntax i } }
                && i.Identifier.ValueText == Guard;
        return Guard is null && model.GetOperation(syntax) is IInvocationOperation call && Pairs.GivesBack(call) && Pairs.KeyOf(call) == Key;
    }

    /// <summary>The lock is taken again in there.</summary>
    public bool IsTakenIn(SyntaxNode node, SemanticModel model) => Guard is null && node.OwnDescendants().OfType<InvocationExpressionSyntax>()
        .Any(i => model.GetOperation(i) is IInvocationOperation call && Pairs.Takes(call) && Pairs.KeyOf(call) == Key);
}
