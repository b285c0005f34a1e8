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
        bool any = false;
        foreach (var value in Makers.Of(instance is ILocalReferenceOperation ? null : instance))
        {
            if (!Supports(value))
                return false;
            any = true;
        }
        return any;
    }

    static bool Supports(ExpressionSyntax value) =>
        value is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments }
        && arguments[0].Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Supported } or IdentifierNameSyntax { Identifier.ValueText: Supported };
}
