using System.Collections.Immutable;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.RetryAllocation;

/// <summary>
/// Walks from the allocation outwards, over what may be done twice: it has no effect, or it leaves. Unlike for a hoist, conditions are
/// welcome: they are what is looked at again.
/// </summary>
sealed class RetryFinder(SemanticModel model, Target target, CancellationToken cancel)
{
    readonly Quiet _quiet = new(model);
    readonly ImmutableArray<string>.Builder _conditions = ImmutableArray.CreateBuilder<string>();
    bool _isConditional;

    public IEnumerable<RetryPlan> Plans()
    {
        if (!IsValue() || !IsReachedQuietly())
            yield break;
        StatementSyntax? at = target.Statement;
        while (at is not null)
        {
            foreach (var earlier in Earlier(at))
            {
                if (earlier is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } && Acquisition.Of(earlier, model) is { } guard)
                {
                    if (!IsQuietlyTaken(guard))
                        yield break;
                    if (Plan(guard, FromHere(earlier)) is { } plan)
                        yield return plan;
                }
                else if (!IsRepeatable(earlier))
                {
                    yield break;
                }
            }
            at = Outwards(at);
            if (at is LockStatementSyntax or UsingStatementSyntax)
            {
                if (Acquisition.Of(at, model) is not { } around || !IsQuietlyTaken(around))
                    yield break;
                if (Plan(around, ImmutableArray.Create(at)) is { } plan)
                    yield return plan;
            }
        }
    }

    RetryPlan? Plan(Acquisition taken, ImmutableArray<StatementSyntax> scope)
    {
        if (scope.IsEmpty || taken.IsRegion || taken.Statement.Parent is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax) || scope.Any(Jumps))
            return null;
        // Written by the first pass, and read or written again by the second.
        if (_quiet.Written.Any(w => !IsWithin(w, scope)))
            return null;
        var needs = new RetryInputs(model, target, s => IsWithin(s, scope), _quiet, cancel);
        if (needs.Captured() is not { } captured || (!_isConditional && captured.IsEmpty))
            return null;
        return new RetryPlan(target, taken, scope, _conditions.ToImmutable(), captured);
    }

    /// <summary>The value is used, and can wait in a local.</summary>
    bool IsValue() => model.GetTypeInfo(target.Syntax, cancel) is { ConvertedType: { SpecialType: not SpecialType.System_Void, IsRefLikeType: false, IsAnonymousType: false } }
        && !(target.Statement is ExpressionStatementSyntax e && e.Expression == target.Syntax)
        && target.Syntax.Parent is not RefExpressionSyntax;

    /// <summary>Within its statement only operators without an effect come before it, and decide about it.</summary>
    bool IsReachedQuietly()
    {
        for (var child = target.Operation; child.Syntax != target.Statement; child = child.Parent!)
        {
            if (child.Parent is not { } parent)
                return false;
            string? condition = parent switch
            {
                ICoalesceAssignmentOperation c when c.Value == child => c.Target.Syntax + " is null",
                ICoalesceOperation c when c.WhenNull == child => c.Value.Syntax + " is null",
                IConditionalOperation c when c.WhenTrue == child => InParentheses(c.Condition.Syntax),
                IConditionalOperation c when c.WhenFalse == child => "!(" + c.Condition.Syntax + ")",
                IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } b when b.RightOperand == child => InParentheses(b.LeftOperand.Syntax),
                _ => null,
            };
            if (condition is null && !EvaluationOrder.IsUnconditional(parent, child))
                return false;
            if (condition is not null)
            {
                // A variable that the condition declares would be declared twice.
                if (condition.Contains('\n') || parent.ChildOperations.First().Syntax.DescendantNodes().Any(static n => n is SingleVariableDesignationSyntax))
                    return false;
                _conditions.Insert(0, condition);
                _isConditional = true;
            }
            foreach (var sibling in parent.ChildOperations.TakeWhile(o => o != child))
            {
                if (parent is ISimpleAssignmentOperation ? !_quiet.Target(sibling) : !_quiet.Is(sibling))
                    return false;
            }
        }
        return true;
    }

    static string InParentheses(SyntaxNode condition) =>
        condition is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax || condition.IsKind(SyntaxKind.EqualsExpression)
            || condition.IsKind(SyntaxKind.NotEqualsExpression) || condition is IsPatternExpressionSyntax
            ? condition.ToString()
            : "(" + condition + ")";

    bool IsRepeatable(StatementSyntax statement)
    {
        switch (statement)
        {
            case BlockSyntax b:
                return b.Statements.All(IsRepeatable);
            case IfStatementSyntax i when model.GetOperation(i.Condition, cancel) is { } condition && _quiet.Is(condition):
                return IsRepeatable(i.Statement) && (i.Else is null || IsRepeatable(i.Else.Statement));
            case ReturnStatementSyntax or ThrowStatementSyntax:
                _isConditional = true;
                return true;
            default:
                return _quiet.Statement(statement);
        }
    }

    StatementSyntax? Outwards(StatementSyntax statement)
    {
        switch (statement.Parent)
        {
            case BlockSyntax or LockStatementSyntax or UsingStatementSyntax:
                return (StatementSyntax)statement.Parent;
            case IfStatementSyntax i:
                return Decides(i.Condition) ? i : null;
            case ElseClauseSyntax { Parent: IfStatementSyntax i }:
                return Decides(i.Condition) ? i : null;
            case SwitchSectionSyntax { Parent: SwitchStatementSyntax s }:
                return Decides(s.Expression) ? s : null;
            default:
                return null;
        }
    }

    bool Decides(ExpressionSyntax condition)
    {
        _isConditional = true;
        return model.GetOperation(condition, cancel) is { } operation && _quiet.Is(operation);
    }

    bool IsQuietlyTaken(Acquisition taken) => model.GetOperation(taken.Taking, cancel) is { } operation
        && (taken.Statement is LockStatementSyntax ? _quiet.Is(operation) : _quiet.All(operation.ChildOperations));

    static ImmutableArray<StatementSyntax> FromHere(StatementSyntax guard) => guard.Parent is BlockSyntax block
        ? block.Statements.SkipWhile(s => s != guard).ToImmutableArray()
        : ImmutableArray<StatementSyntax>.Empty;

    static IEnumerable<StatementSyntax> Earlier(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax b => b.Statements.TakeWhile(s => s != statement).Reverse(),
        SwitchSectionSyntax s => s.Statements.TakeWhile(t => t != statement).Reverse(),
        _ => Enumerable.Empty<StatementSyntax>(),
    };

    bool IsWithin(ISymbol symbol, ImmutableArray<StatementSyntax> scope) =>
        symbol.DeclaringSyntaxReferences.Any(r => scope.Any(s => s.SyntaxTree == r.SyntaxTree && s.Span.Contains(r.Span)));

    /// <summary>A jump to a place outside would meet the loop, and a label or a function cannot be repeated in it.</summary>
    bool Jumps(StatementSyntax statement) => statement
        .DescendantNodesAndSelf(static n => n is not AnonymousFunctionExpressionSyntax)
        .Any(n => n switch
        {
            GotoStatementSyntax { RawKind: (int)SyntaxKind.GotoStatement } or LabeledStatementSyntax or LocalFunctionStatementSyntax => true,
            BreakStatementSyntax => !IsCaught(n, statement, static p => p is SwitchStatementSyntax || IsLoop(p)),
            ContinueStatementSyntax => !IsCaught(n, statement, IsLoop),
            _ => false,
        });

    static bool IsCaught(SyntaxNode jump, SyntaxNode within, Func<SyntaxNode, bool> catches) =>
        jump.Ancestors().TakeWhile(a => a != within.Parent).Any(catches);

    static bool IsLoop(SyntaxNode node) => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax;
}
