using FenceSafety.Analyzers.Annotations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>Values that nobody else can hold, or that cannot change.</summary>
static class Fresh
{
    public static bool Is(IOperation value) => value switch
    {
        IConversionOperation { OperatorMethod: null } c => Is(c.Operand),
        IParenthesizedOperation p => Is(p.Operand),
        ILiteralOperation or IDefaultValueOperation or IObjectCreationOperation or IArrayCreationOperation or ICollectionExpressionOperation => true,
        IInvocationOperation call when LockCalls.Has(call.TargetMethod, Attributes.MayAllocate) => true,
        ILocalReferenceOperation { Local: var local } reference when SharedState.IsMutableReference(local.Type) => IsMadeHere(local, reference),
        { Type: { } type } => !SharedState.IsMutableReference(type) || type.ContainingNamespace?.ToString() == "System.Threading.Tasks",
        _ => false,
    };

    /// <summary>A local that only ever holds the object it was declared with.</summary>
    static bool IsMadeHere(ILocalSymbol local, IOperation use)
    {
        if (use.SemanticModel is not { } model
            || local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: var value } declarator
            || model.GetOperation(value) is not { } made || made is ILocalReferenceOperation || !Is(made))
        {
            return false;
        }
        var scope = (SyntaxNode?)declarator.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? declarator.SyntaxTree.GetRoot();
        return !scope.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Any(a => a.Left is IdentifierNameSyntax { Identifier.ValueText: var name } && name == local.Name);
    }
}
