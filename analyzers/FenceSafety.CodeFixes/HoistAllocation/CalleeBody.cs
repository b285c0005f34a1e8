using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>One body that would run without the lock.</summary>
sealed class CalleeBody(Callees callees, IOperation body, IMethodSymbol method)
{
    public bool IsFine() => body.DescendantsAndSelf().All(IsFine);

    bool IsFine(IOperation operation)
    {
        switch (operation)
        {
            case IFieldReferenceOperation f:
                callees.Touched.Add(f.Field.OriginalDefinition);
                return SharedState.IsStable(f.Field) || IsOwn(f.Instance) || IsGuarded(f, f.Field);
            case IPropertyReferenceOperation p:
                callees.Touched.Add(p.Property.OriginalDefinition);
                if (!callees.AcceptsAccessors(p.Property))
                    return false;
                return SharedState.IsStable(p.Property) || IsOwn(p.Instance) || IsGuarded(p, p.Property) || IsStaticOfFramework(p.Property)
                    || !Callees.IsState(p.Property);
            case IArrayElementReferenceOperation e:
                return IsOwn(e.ArrayReference) || IsGuarded(e, null);
            case ISimpleAssignmentOperation { Target: IParameterReferenceOperation { Parameter.RefKind: RefKind.Ref } }:
            case IEventReferenceOperation or IEventAssignmentOperation or IDynamicInvocationOperation or IDynamicMemberReferenceOperation
                or IAnonymousFunctionOperation or IFunctionPointerInvocationOperation or IInvalidOperation or IDynamicIndexerAccessOperation:
                return false;
            case ILocalReferenceOperation { Local: var l }:
                // Of the method around a local function.
                return SymbolEqualityComparer.Default.Equals(l.ContainingSymbol.OriginalDefinition, method) || method.MethodKind != MethodKind.LocalFunction;
            case IParameterReferenceOperation { Parameter: var p }:
                return SymbolEqualityComparer.Default.Equals(p.ContainingSymbol.OriginalDefinition, method) || method.MethodKind != MethodKind.LocalFunction;
            case IObjectCreationOperation creation:
                return callees.Accepts(creation);
            case IInvocationOperation call:
                return LockCalls.Acquires(call) || LockCalls.Releases(call)
                    || (IsGuarded(call, null) && call.TargetMethod.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
                    || callees.Accepts(call);
            case IBinaryOperation b:
                return callees.AcceptsOperator(b.OperatorMethod);
            case IConversionOperation c:
                return callees.AcceptsOperator(c.OperatorMethod);
            default:
                return true;
        }
    }

    /// <summary>Of an object that this body makes.</summary>
    bool IsOwn(IOperation? instance) => instance switch
    {
        null => false,
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } => true,
        IInstanceReferenceOperation => method.MethodKind == MethodKind.Constructor,
        _ => Fresh.Is(instance),
    };

    static bool IsStaticOfFramework(IPropertySymbol property) => property.IsStatic && property.DeclaringSyntaxReferences.IsEmpty;

    /// <summary>State of another type, used while that type's own lock is held.</summary>
    bool IsGuarded(IOperation operation, ISymbol? member)
    {
        var owner = (member?.ContainingType ?? method.ContainingType)?.OriginalDefinition;
        if (SymbolEqualityComparer.Default.Equals(owner, callees.Home) || operation.SemanticModel is not { } model)
            return false;
        for (var at = operation.Syntax; at is not (null or MemberDeclarationSyntax or LocalFunctionStatementSyntax); at = at.Parent)
        {
            if (at is LockStatementSyntax or UsingStatementSyntax && Acquisition.Of((StatementSyntax)at, model) is { IsKnown: true, IsRegion: false })
                return true;
            if (at is StatementSyntax { Parent: BlockSyntax block } statement
                && block.Statements.TakeWhile(s => s != statement).Any(s => Acquisition.Of(s, model) is { IsKnown: true, IsRegion: false }))
            {
                return true;
            }
        }
        return false;
    }
}
