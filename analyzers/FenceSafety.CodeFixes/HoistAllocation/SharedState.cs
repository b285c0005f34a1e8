using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>Which fields and properties can change under the feet of the code that reads them.</summary>
static class SharedState
{
    public static bool IsStable(IFieldSymbol field)
    {
        if (field.IsConst || field.IsReadOnly)
            return true;
        // A call on a struct can write it.
        bool isWhole = field.Type is { IsReferenceType: true } or { IsReadOnly: true } or { TypeKind: TypeKind.Enum } || field.Type.SpecialType != SpecialType.None;
        return isWhole && field.DeclaredAccessibility == Accessibility.Private && !field.IsVolatile
            && !IsWrittenAfterConstruction(field.OriginalDefinition);
    }

    public static bool IsStable(IPropertySymbol property)
    {
        if (property.IsIndexer || property.GetMethod is not { } getter)
            return false;
        // The length of an array or a string is fixed when it is made.
        if (property is { Name: "Length", ContainingType.SpecialType: SpecialType.System_Array or SpecialType.System_String })
            return true;
        bool isFixed = property.SetMethod is null or { IsInitOnly: true };
        return isFixed && (property.DeclaringSyntaxReferences.IsEmpty ? property.IsStatic : AutoProperties.IsPlain(property, getter));
    }

    /// <summary>Whether a call that is given such a value can change, or see changes of, what others hold too.</summary>
    public static bool IsMutableReference(ITypeSymbol? type) => type switch
    {
        null => false,
        { SpecialType: SpecialType.System_String } or { TypeKind: TypeKind.Enum } => false,
        { IsRefLikeType: true } or { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Dynamic } => true,
        INamedTypeSymbol { Name: "Type", ContainingNamespace.Name: "System" } => false,
        _ => !type.IsValueType,
    };

    /// <summary>A private field can be written only in its type, which is read whole.</summary>
    static bool IsWrittenAfterConstruction(IFieldSymbol field)
    {
        foreach (var reference in field.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var name in reference.GetSyntax().DescendantNodes().OfType<IdentifierNameSyntax>())
            {
                if (name.Identifier.ValueText == field.Name && IsWritten(name) && !IsInConstructor(name))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Assigned, counted up or down, or passed by reference.</summary>
    public static bool IsWritten(IdentifierNameSyntax name)
    {
        SyntaxNode at = name;
        while (at.Parent is MemberAccessExpressionSyntax m && m.Name == at)
            at = m;
        while (at.Parent is ParenthesizedExpressionSyntax or TupleExpressionSyntax or ArgumentSyntax { Parent: TupleExpressionSyntax, RefKindKeyword.RawKind: 0 })
            at = at.Parent;
        return at.Parent switch
        {
            AssignmentExpressionSyntax a => a.Left == at,
            PrefixUnaryExpressionSyntax p => p.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression,
            PostfixUnaryExpressionSyntax p => !p.IsKind(SyntaxKind.SuppressNullableWarningExpression),
            ArgumentSyntax a => a.RefKindKeyword.RawKind != 0,
            RefExpressionSyntax => true,
            // A member of a struct.
            MemberAccessExpressionSyntax { Parent: AssignmentExpressionSyntax b } m => b.Left == m,
            _ => false,
        };
    }

    static bool IsInConstructor(SyntaxNode node) => node.Ancestors().FirstOrDefault(static n =>
        n is MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) is ConstructorDeclarationSyntax;
}
