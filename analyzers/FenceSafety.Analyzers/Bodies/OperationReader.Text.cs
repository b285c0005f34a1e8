using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Concatenation and interpolation ask values for their text.</summary>
sealed partial class OperationReader
{
    /// <summary>What is asked if it is code of the user's, or may be: of an object, an interface, a type parameter.</summary>
    /// <param name="formats">A hole of an interpolated string: a type that can format itself is asked that first.</param>
    void AskText(IOperation operand, Value value, bool formats)
    {
        if (operand.ConstantValue is { HasValue: true } || operand.Type is not { } type)
            return;
        if (type is { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Interface or TypeKind.TypeParameter })
        {
            if (_context.Model.Compilation.ObjectType.GetMembers("ToString").OfType<IMethodSymbol>().FirstOrDefault() is { } any)
                Ask(any);
            return;
        }
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: SpecialType.None } named || !Symbols.IsSource(type))
            return;
        var own = formats ? Formatters(named).ToList() : new List<IMethodSymbol>();
        if (own.Count == 0 && ToStringOf(named) is { } text)
            own.Add(text);
        own.ForEach(Ask);

        void Ask(IMethodSymbol method) => EmitCall(
            operand, method, operand, true, null, value, method.Parameters.Select(static _ => Value.None).ToImmutableArray(), NoOuts);
    }

    /// <summary>The type's own ISpanFormattable.TryFormat, else IFormattable.ToString.</summary>
    IEnumerable<IMethodSymbol> Formatters(INamedTypeSymbol type)
    {
        foreach (string name in new[] { "ISpanFormattable", "IFormattable" })
        {
            var members = type.AllInterfaces.Where(i => i.Name == name && i.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true })
                .SelectMany(static i => i.GetMembers()).OfType<IMethodSymbol>()
                .Select(m => type.FindImplementationForInterfaceMember(m)).OfType<IMethodSymbol>().Where(m => Symbols.IsSource(m)).ToList();
            if (members.Count > 0)
                return members;
        }
        return Enumerable.Empty<IMethodSymbol>();
    }

    static IMethodSymbol? ToStringOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            if (t.GetMembers("ToString").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.IsEmpty && m.IsOverride) is { } found)
                return found.IsImplicitlyDeclared || found.DeclaringSyntaxReferences.IsEmpty ? null : found;
        }
        return null;
    }
}
