using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>
/// Code that an allocation may be moved over: it has no effect but on locals, it does not jump, and it calls nothing that could. What
/// the runtime throws of itself (a null reference, an index) does not count, as in the rules.
/// </summary>
sealed class Quiet(SemanticModel model)
{
    /// <summary>Fields and properties that were read.</summary>
    public HashSet<ISymbol> Read { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Locals and parameters that were written.</summary>
    public HashSet<ISymbol> Written { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Expressions that are moved themselves, in their order, and so are not moved over.</summary>
    public ISet<SyntaxNode> Moved { get; } = new HashSet<SyntaxNode>();

    public bool Statement(StatementSyntax statement) => model.GetOperation(statement) is { } operation && Is(operation);

    public bool All(IEnumerable<IOperation> operations) => operations.All(Is);

    public bool Is(IOperation operation) => Moved.Contains(operation.Syntax) || operation switch
    {
        IBlockOperation or IEmptyOperation or IExpressionStatementOperation or IConditionalOperation or IParenthesizedOperation
            or IVariableInitializerOperation or IVariableDeclarationOperation or IVariableDeclarationGroupOperation
            or ILiteralOperation or IInstanceReferenceOperation or IDefaultValueOperation or ITypeOfOperation or INameOfOperation
            or ISizeOfOperation or IDiscardOperation or ITupleOperation or ICoalesceOperation or IConditionalAccessOperation
            or IConditionalAccessInstanceOperation or IIsTypeOperation or IArrayElementReferenceOperation
            or IParameterReferenceOperation or ILocalReferenceOperation or IConstantPatternOperation or IDiscardPatternOperation
            or INegatedPatternOperation or ITypePatternOperation or IRelationalPatternOperation or IBinaryPatternOperation
            or ILocalFunctionOperation => operation is ILocalFunctionOperation || All(operation.ChildOperations),
        IIsPatternOperation p => All(p.ChildOperations),
        IDeclarationPatternOperation p => p.DeclaredSymbol is null || Writes(p.DeclaredSymbol),
        IVariableDeclaratorOperation d => d.Symbol.RefKind == RefKind.None && Writes(d.Symbol) && All(d.ChildOperations),
        IFieldReferenceOperation f => Reads(f.Field) && All(f.ChildOperations),
        IPropertyReferenceOperation p => IsPlain(p.Property) && Reads(p.Property) && All(p.ChildOperations),
        IArgumentOperation a => a.Parameter?.RefKind is RefKind.None or RefKind.In && Is(a.Value),
        IBinaryOperation b => IsBuiltIn(b.OperatorMethod) && All(b.ChildOperations),
        IUnaryOperation u => IsBuiltIn(u.OperatorMethod) && All(u.ChildOperations),
        IConversionOperation c => IsBuiltIn(c.OperatorMethod) && Is(c.Operand),
        ISimpleAssignmentOperation a => IsLocal(a.Target) && Is(a.Value),
        ICompoundAssignmentOperation a => IsBuiltIn(a.OperatorMethod) && IsLocal(a.Target) && Is(a.Value),
        IIncrementOrDecrementOperation i => IsBuiltIn(i.OperatorMethod) && IsLocal(i.Target),
        IInvocationOperation call => IsAssertion(call) && All(call.ChildOperations),
        _ => false,
    };

    /// <summary>What is evaluated of a target before the value is.</summary>
    public bool Target(IOperation target) => target switch
    {
        IFieldReferenceOperation or IPropertyReferenceOperation or IArrayElementReferenceOperation => All(target.ChildOperations),
        ILocalReferenceOperation or IParameterReferenceOperation or IDiscardOperation => true,
        _ => false,
    };

    bool IsLocal(IOperation target) => target switch
    {
        ILocalReferenceOperation l => !l.Local.IsRef && Writes(l.Local),
        IParameterReferenceOperation p => p.Parameter.RefKind == RefKind.None && Writes(p.Parameter),
        IDiscardOperation => true,
        _ => false,
    };

    bool Reads(ISymbol member)
    {
        Read.Add(member.OriginalDefinition);
        return true;
    }

    bool Writes(ISymbol local)
    {
        Written.Add(local);
        return true;
    }

    /// <summary>Reading it runs no code of the user's.</summary>
    bool IsPlain(IPropertySymbol property)
    {
        if (property.GetMethod is not { } getter)
            return false;
        if (!property.DeclaringSyntaxReferences.IsEmpty)
            return AutoProperties.IsPlain(property, getter) || ReturnsField(property);
        bool isFramework = property.ContainingNamespace?.ToString() is "System" or "System.Collections.Generic" or "System.Collections.Immutable";
        return isFramework && (property.IsIndexer || property.Name is "Length" or "Count" or "HasValue" or "Value" or "Key" or "IsEmpty");
    }

    /// <summary><c>object Gate => _gate;</c></summary>
    bool ReturnsField(IPropertySymbol property)
    {
        if (property.IsVirtual || property.IsOverride || property.DeclaringSyntaxReferences[0].GetSyntax() is not PropertyDeclarationSyntax syntax)
            return false;
        var value = syntax.ExpressionBody?.Expression
            ?? syntax.AccessorList?.Accessors.FirstOrDefault(static a => a.Keyword.ValueText == "get")?.ExpressionBody?.Expression;
        return value is IdentifierNameSyntax && model.Compilation.ContainsSyntaxTree(value.SyntaxTree)
            && model.Compilation.GetSemanticModel(value.SyntaxTree).GetSymbolInfo(value).Symbol is IFieldSymbol field && Reads(field);
    }

    static bool IsBuiltIn(IMethodSymbol? method) => method is null || method.ContainingNamespace?.ToString() == "System";

    static bool IsAssertion(IInvocationOperation call) =>
        (call.TargetMethod.Name, call.TargetMethod.ContainingType.ToString()) is ("Assert", "System.Diagnostics.Debug") or ("IsEntered", "System.Threading.Monitor");
}
