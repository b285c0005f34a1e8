using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>A statement that takes a lock, or may, or begins a critical region.</summary>
/// <param name="Taking">The lock, or the call that takes it.</param>
/// <param name="Lock">What the user calls the lock.</param>
/// <param name="Identity">The lock, and where it is not known the method that takes it.</param>
/// <param name="IsKnown">Else it is only some resource, and the analyzer has to say whether it is a guard.</param>
sealed record Acquisition(
    StatementSyntax Statement, ExpressionSyntax Taking, string Lock, ImmutableArray<ISymbol> Identity, bool IsKnown)
{
    /// <summary>It is no lock, but what comes after it is fence-critical.</summary>
    public bool IsRegion { get; init; }

    public static Acquisition? Of(StatementSyntax statement, SemanticModel model) => statement switch
    {
        LockStatementSyntax s => new(s, s.Expression, s.Expression.ToString(), Symbols(model, s.Expression), true),
        UsingStatementSyntax { Declaration.Variables: { Count: 1 } v } s => OfCall(s, v[0].Initializer?.Value, model, disposes: true),
        UsingStatementSyntax { Expression: { } e } s => OfCall(s, e, model, disposes: true),
        LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } v } s =>
            OfCall(s, v[0].Initializer?.Value, model, s.UsingKeyword.RawKind != 0),
        ExpressionStatementSyntax s => OfCall(s, s.Expression, model, disposes: false),
        _ => null,
    };

    static Acquisition? OfCall(StatementSyntax statement, ExpressionSyntax? expression, SemanticModel model, bool disposes)
    {
        while (expression is AwaitExpressionSyntax or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } })
        {
            expression = expression is AwaitExpressionSyntax wait
                ? wait.Expression
                : ((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)expression).Expression).Expression;
        }
        if (expression is null || model.GetOperation(expression) is not { } operation)
            return null;
        if (operation is not IInvocationOperation call)
            return disposes ? new(statement, expression, expression.ToString(), ImmutableArray<ISymbol>.Empty, false) : null;
        if (LockCalls.Has(call.TargetMethod, Attributes.BeginsFenceCritical) && expression is InvocationExpressionSyntax { Expression: var begin })
            return new(statement, expression, begin.ToString(), ImmutableArray.Create<ISymbol>(call.TargetMethod.OriginalDefinition), true) { IsRegion = true };
        bool known = LockCalls.Acquires(call) || GivesBackInDispose(call.Type);
        if ((!known && !disposes) || LockCalls.MayFail(call))
            return null;
        var receiver = LockCalls.IsReceiverTheLock(call) && expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax m } ? m.Expression
            : LockApi.Recognize(call) is { FromArgument: true } && call.Arguments.FirstOrDefault()?.Value.Syntax is ExpressionSyntax argument ? argument
            : null;
        var identity = receiver is null ? Symbols(model, expression).Add(call.TargetMethod.OriginalDefinition) : Symbols(model, receiver);
        return new(statement, expression, (receiver ?? expression).ToString(), identity, known);
    }

    static bool GivesBackInDispose(ITypeSymbol? type) =>
        type?.GetMembers("Dispose").Any(static m => LockCalls.Has(m, Attributes.ReleasesLock)) == true;

    static ImmutableArray<ISymbol> Symbols(SemanticModel model, ExpressionSyntax expression)
    {
        var found = ImmutableArray.CreateBuilder<ISymbol>();
        if (model.GetSymbolInfo(expression).Symbol is { } symbol and (IFieldSymbol or IPropertySymbol or IMethodSymbol))
            found.Add(symbol.OriginalDefinition);
        if (model.GetSymbolInfo(expression).Symbol is IMethodSymbol method)
            found.AddRange(LockCalls.NamedLocks(method));
        return found.ToImmutable();
    }
}
