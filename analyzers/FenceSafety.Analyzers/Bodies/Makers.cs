using FenceSafety.Analyzers.Annotations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>What the object behind a field, property or local is made by: its initialiser, and what constructors assign to it.</summary>
static class Makers
{
    public static IEnumerable<ExpressionSyntax> Of(IOperation? instance)
    {
        ISymbol? member = instance switch
        {
            IFieldReferenceOperation field => field.Field,
            IPropertyReferenceOperation property => property.Property,
            ILocalReferenceOperation local => local.Local,
            _ => null,
        };
        if (member?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration)
            return Enumerable.Empty<ExpressionSyntax>();
        var initializer = declaration switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        var made = member is ILocalSymbol ? Enumerable.Empty<ExpressionSyntax>() : Assigned(member).Select(static a => a.Right);
        return initializer is null ? made : made.Prepend(initializer.Value);
    }

    static IEnumerable<AssignmentExpressionSyntax> Assigned(ISymbol member) =>
        from type in member.ContainingType.DeclaringSyntaxReferences
        let declaration = type.GetSyntax() as TypeDeclarationSyntax
        where declaration is not null
        from constructor in declaration.Members.OfType<ConstructorDeclarationSyntax>()
        from a in constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>()
        where LockClasses.Assigned(a.Left) == member.Name
        select a;
}
