using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>What runs in a statement before one of its expressions does.</summary>
static class EvaluationOrder
{
    /// <summary>The expression always runs when the statement does, and what runs before it is quiet.</summary>
    public static bool IsFirst(IOperation expression, SyntaxNode statement, Quiet quiet)
    {
        for (var child = expression; child.Syntax != statement; child = child.Parent!)
        {
            if (child.Parent is not { } parent || !IsUnconditional(parent, child))
                return false;
            foreach (var sibling in parent.ChildOperations)
            {
                if (sibling == child)
                    break;
                bool isTarget = parent is ISimpleAssignmentOperation;
                if (isTarget ? !quiet.Target(sibling) : !quiet.Is(sibling))
                    return false;
            }
        }
        return true;
    }

    public static bool IsUnconditional(IOperation parent, IOperation child) => parent switch
    {
        IConditionalOperation c => c.Condition == child,
        ICoalesceOperation c => c.Value == child,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } b => b.LeftOperand == child,
        ISwitchOperation s => s.Value == child,
        ISwitchExpressionOperation s => s.Value == child,
        IForEachLoopOperation f => f.Collection == child,
        IUsingOperation u => u.Resources == child,
        ISimpleAssignmentOperation a => !a.IsRef,
        IArgumentOperation a => a.Parameter?.RefKind == RefKind.None,
        // What a constructor does comes before the initialiser; only one that has no body is known to do nothing.
        IObjectCreationOperation o => o.Initializer != child || o.Constructor is { IsImplicitlyDeclared: true },
        IExpressionStatementOperation or IReturnOperation { Kind: OperationKind.Return } or IThrowOperation or IVariableDeclarationGroupOperation
            or IVariableDeclarationOperation or IVariableDeclaratorOperation or IVariableInitializerOperation or ICompoundAssignmentOperation
            or IConversionOperation or IInvocationOperation or IArrayCreationOperation or IArrayInitializerOperation
            or IObjectOrCollectionInitializerOperation or IPropertyReferenceOperation or IFieldReferenceOperation
            or IArrayElementReferenceOperation or IBinaryOperation or IUnaryOperation or IParenthesizedOperation or IAwaitOperation
            or ITupleOperation or IInterpolatedStringOperation or IInterpolationOperation or IIsPatternOperation or IIsTypeOperation
            or IUsingDeclarationOperation => true,
        _ => false,
    };
}
