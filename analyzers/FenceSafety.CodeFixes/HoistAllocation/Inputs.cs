using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>
/// Whether an expression has the same value and the same effect before the lock is taken: it reads what cannot change, and calls what
/// touches nothing that the lock could guard.
/// </summary>
sealed class Inputs(Callees callees)
{
    /// <summary>Locals and parameters that the expression reads.</summary>
    public HashSet<ISymbol> Needed { get; } = new(SymbolEqualityComparer.Default);

    readonly HashSet<ISymbol> _own = new(SymbolEqualityComparer.Default);

    public bool Are(IOperation operation) => operation switch
    {
        ILiteralOperation or IInstanceReferenceOperation or IDefaultValueOperation or ITypeOfOperation or INameOfOperation or ISizeOfOperation
            or IDiscardOperation or ITupleOperation or ICoalesceOperation or IConditionalOperation or IParenthesizedOperation
            or IIsTypeOperation or IArrayCreationOperation or IArrayInitializerOperation or IInterpolatedStringTextOperation
            or IInterpolationOperation or IInterpolatedStringOperation or IAwaitOperation or IVariableInitializerOperation
            or IObjectOrCollectionInitializerOperation or ICollectionExpressionOperation or IVariableDeclarationOperation
            or IVariableDeclarationGroupOperation or IVariableDeclaratorOperation => operation.ChildOperations.All(Are),
        ILocalReferenceOperation { Local: var l } => _own.Contains(l) || (!l.IsRef && Add(l)),
        IParameterReferenceOperation { Parameter: var p } => p.RefKind == RefKind.None && Add(p),
        IFieldReferenceOperation f => IsFixed(f) && f.ChildOperations.All(Are),
        IPropertyReferenceOperation p => SharedState.IsStable(p.Property) && p.ChildOperations.All(Are),
        IBinaryOperation b => callees.AcceptsOperator(b.OperatorMethod) && b.ChildOperations.All(Are),
        IUnaryOperation u => callees.AcceptsOperator(u.OperatorMethod) && u.ChildOperations.All(Are),
        IConversionOperation c => callees.AcceptsOperator(c.OperatorMethod) && Are(c.Operand),
        IArgumentOperation a => Argument(a),
        IInvocationOperation call => call.ChildOperations.All(Are) && callees.Accepts(call),
        IObjectCreationOperation creation => creation.ChildOperations.All(Are) && callees.Accepts(creation),
        // In the initialiser of an object that is being made.
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } } } a
            => Are(a.Value),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } } p } a
            => callees.AcceptsSetter(p.Property) && Are(a.Value),
        _ => false,
    };

    bool Add(ISymbol local)
    {
        Needed.Add(local);
        return true;
    }

    /// <summary>Readonly, or part of a struct that a local holds.</summary>
    static bool IsFixed(IFieldReferenceOperation f) =>
        SharedState.IsStable(f.Field)
        || (f.Instance is { Type.IsValueType: true } and (ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation)
            && (f.Instance is not IFieldReferenceOperation inner || IsFixed(inner)));

    bool Argument(IArgumentOperation argument)
    {
        if (argument.Parameter?.RefKind != RefKind.Out)
            return argument.Parameter?.RefKind is RefKind.None or RefKind.In && Are(argument.Value);
        if (argument.Value is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var local } })
        {
            _own.Add(local);
            return true;
        }
        return argument.Value is IDiscardOperation;
    }
}
