using FenceSafety.Analyzers.Annotations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Is a reader-writer lock made to be re-entered: <c>new ReaderWriterLockSlim(LockRecursionPolicy.SupportsRecursion)</c>?</summary>
static class LockRecursion
{
    public const string Supported = "SupportsRecursion";

    /// <summary>Every creation that its field or property is given, in its initialiser and in constructors, says so.</summary>
    public static bool IsDeclared(IOperation? instance)
    {
        ISymbol? member = instance switch
        {
            IFieldReferenceOperation field => field.Field,
            IPropertyReferenceOperation property => property.Property,
            _ => null,
        };
        if (member?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration)
            return false;
        var initializer = declaration switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        var made = Assigned(member).Select(static a => a.Right);
        if (initializer is not null)
            made = made.Prepend(initializer.Value);
        bool any = false;
        foreach (var value in made)
        {
            if (!Supports(value))
                return false;
            any = true;
        }
        return any;
    }

    static IEnumerable<AssignmentExpressionSyntax> Assigned(ISymbol member) =>
        from type in member.ContainingType.DeclaringSyntaxReferences
        let declaration = type.GetSyntax() as TypeDeclarationSyntax
        where declaration is not null
        from constructor in declaration.Members.OfType<ConstructorDeclarationSyntax>()
        from a in constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>()
        where LockClasses.Assigned(a.Left) == member.Name
        select a;

    static bool Supports(ExpressionSyntax value) =>
        value is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments }
        && arguments[0].Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Supported } or IdentifierNameSyntax { Identifier.ValueText: Supported };
}
