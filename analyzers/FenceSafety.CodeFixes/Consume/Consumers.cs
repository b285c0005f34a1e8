using FenceSafety.Analyzers.Annotations;
using FenceSafety.CodeFixes.HoistAllocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.CodeFixes.Consume;

/// <summary>What consumes a value of a <c>[MustConsume]</c> type.</summary>
static class Consumers
{
    /// <summary>Members that give the value back without more being known: <c>[Consumes]</c> methods without parameters, and Dispose.</summary>
    public static IEnumerable<string> GiveBack(ITypeSymbol type, SemanticModel model, int position)
    {
        var found = type.GetMembers().OfType<IMethodSymbol>()
            .Where(m => m is { Parameters.IsEmpty: true, IsStatic: false, IsGenericMethod: false } && LockCalls.Has(m, Attributes.Consumes) && model.IsAccessible(position, m))
            .Select(static m => m.Name).Where(static n => n != nameof(IDisposable.Dispose)).ToList();
        return IsDisposable(type) ? found.Append(nameof(IDisposable.Dispose)) : found;
    }

    public static bool IsDisposable(ITypeSymbol type) =>
        type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_IDisposable)
        || (type.IsRefLikeType && type.GetMembers(nameof(IDisposable.Dispose)).Any(static m => m is IMethodSymbol { Parameters.IsEmpty: true, DeclaredAccessibility: Accessibility.Public }));

    /// <summary>The only member beside the one that made the value that takes nothing but such a value: the call, without its arguments.</summary>
    public static string? Taker(IInvocationOperation maker)
    {
        var takers = maker.TargetMethod.ContainingType.GetMembers().OfType<IMethodSymbol>()
            .Where(m => m.IsStatic == maker.TargetMethod.IsStatic && m is { Parameters.Length: 1, IsGenericMethod: false, MethodKind: MethodKind.Ordinary }
                && SymbolEqualityComparer.Default.Equals(m.Parameters[0].Type, maker.Type)
                && m.Parameters[0].GetAttributes().Any(static a => Attributes.NameOf(a) == Attributes.Consumes)).ToList();
        if (takers.Count != 1 || maker.Syntax is not InvocationExpressionSyntax { Expression: var called })
            return null;
        return (called is MemberAccessExpressionSyntax m ? m.Expression + "." : "") + takers[0].Name;
    }

    /// <summary>The use hands the value on; a read of a member, a test and a plain argument do not.</summary>
    public static bool IsConsuming(IdentifierNameSyntax use, SemanticModel model)
    {
        var operation = model.GetOperation(use);
        var parent = operation?.Parent;
        while (parent is IConversionOperation)
            (operation, parent) = (parent, parent.Parent);
        return parent switch
        {
            IInvocationOperation call when call.Instance == operation =>
                LockCalls.Has(call.TargetMethod, Attributes.Consumes) || call.TargetMethod is { Name: nameof(IDisposable.Dispose), Parameters.IsEmpty: true },
            IArgumentOperation argument => argument.Parameter is null || argument.Parameter.RefKind != RefKind.None
                || argument.Parameter.OriginalDefinition.GetAttributes().Any(static a => Attributes.NameOf(a) == Attributes.Consumes),
            IFieldReferenceOperation or IPropertyReferenceOperation or IBinaryOperation or IIsPatternOperation or IConditionalAccessOperation => false,
            ISimpleAssignmentOperation assignment when assignment.Target == operation => false,
            _ => true,
        };
    }
}
