using System.Collections.Immutable;
using FenceSafety.Analyzers.Annotations;
using FenceSafety.Analyzers.Program;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary><c>EqualityComparer&lt;T&gt;.Default</c> and <c>Comparer&lt;T&gt;.Default</c> ask the type itself.</summary>
sealed partial class OperationReader
{
    /// <summary>The type that answers, if this is a call on the default comparer of one.</summary>
    static ITypeSymbol? ComparedBy(IInvocationOperation call) =>
        call.TargetMethod is { Name: "Equals" or "GetHashCode" or "Compare", ContainingType: { TypeArguments.Length: 1, Name: "EqualityComparer" or "Comparer" } comparer }
        && comparer.ContainingNamespace is { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } }
        && call.Instance is IPropertyReferenceOperation { Property: { Name: "Default", IsStatic: true, ContainingType: var from } }
        && SymbolEqualityComparer.Default.Equals(from, comparer)
            ? comparer.TypeArguments[0]
            : null;

    Value DefaultComparison(IInvocationOperation call, ITypeSymbol type)
    {
        var (arguments, _) = Arguments(call.Arguments, call.TargetMethod);
        if (Answer(call.TargetMethod, type) is { } answer)
            EmitCall(
                call, answer, null, true, type, arguments.Length > 0 ? arguments[0] : Value.None,
                answer.Parameters.Select((_, i) => i + 1 < arguments.Length ? arguments[i + 1] : Value.None).ToImmutableArray(), NoOuts);
        else
            Unknown(Span(call), "call", SymbolNames.Display(call.TargetMethod));
        return Value.None;
    }

    /// <summary>The member that is asked: the type's own <c>IEquatable</c> or <c>IComparable</c>, else what it has of <c>object</c>.</summary>
    IMethodSymbol? Answer(IMethodSymbol asked, ITypeSymbol type)
    {
        var compilation = _context.Model.Compilation;
        if (asked.Name != "GetHashCode")
        {
            string name = asked.Name == "Compare" ? "System.IComparable`1" : "System.IEquatable`1";
            var own = compilation.GetTypeByMetadataName(name)?.Construct(type);
            if (own is not null && (type is ITypeParameterSymbol ? asked.Name == "Compare" : type.AllInterfaces.Contains(own, SymbolEqualityComparer.Default)))
                return own.GetMembers().OfType<IMethodSymbol>().FirstOrDefault();
        }
        return asked.Name == "Compare"
            ? null
            : compilation.ObjectType.GetMembers(asked.Name).OfType<IMethodSymbol>().FirstOrDefault(static m => !m.IsStatic);
    }
}
