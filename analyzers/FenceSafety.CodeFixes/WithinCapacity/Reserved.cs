using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.WithinCapacity;

/// <summary>Collections of the framework that say how much fits, and fields that hold one with a capacity of its own.</summary>
static class Reserved
{
    /// <summary>The call adds one element.</summary>
    public static bool IsElement(IMethodSymbol method) =>
        method.Name is "Add" or "TryAdd" or "Enqueue" or "Push" or "Insert" && method.Parameters.All(static p => p.RefKind == RefKind.None) && method.TypeParameters.IsEmpty;

    public static bool HasCapacity(ITypeSymbol type) =>
        type is { ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } }
        && type.GetMembers("Capacity").Any(static m => m is IPropertySymbol { Type.SpecialType: SpecialType.System_Int32, GetMethod.DeclaredAccessibility: Accessibility.Public })
        && type.GetMembers("Count").Any(static m => m is IPropertySymbol);

    /// <summary>The field is readonly, and all that it is set to are creations with a capacity.</summary>
    public static bool WhenMade(IFieldSymbol field, Compilation compilation, CancellationToken cancel)
    {
        if (!field.IsReadOnly || field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is not VariableDeclaratorSyntax declarator)
            return false;
        var values = new List<ExpressionSyntax>();
        if (declarator.Initializer is { Value: var initial })
            values.Add(initial);
        foreach (var type in field.ContainingType.DeclaringSyntaxReferences.Select(r => r.GetSyntax(cancel)))
        {
            values.AddRange(type.DescendantNodes().OfType<AssignmentExpressionSyntax>()
                .Where(a => (a.Left is IdentifierNameSyntax n ? n : (a.Left as MemberAccessExpressionSyntax)?.Name)?.Identifier.ValueText == field.Name)
                .Select(static a => a.Right));
        }
        return values.Count > 0 && values.All(v => compilation.ContainsSyntaxTree(v.SyntaxTree)
            && compilation.GetSemanticModel(v.SyntaxTree).GetOperation(v, cancel) is IObjectCreationOperation { Initializer: null } made
            && made.Arguments.Any(static a => a.Parameter is { Name: "capacity" or "initialCapacity" } && a.ArgumentKind == ArgumentKind.Explicit));
    }
}
