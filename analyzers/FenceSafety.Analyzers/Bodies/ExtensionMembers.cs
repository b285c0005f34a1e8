using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>
/// Members of extension blocks in references: what is called is a static method beside the block, which has the body and takes the receiver
/// first. The member in the block only declares it.
/// </summary>
static class ExtensionMembers
{
    public static IMethodSymbol? Implementation(IMethodSymbol method, ITypeSymbol? receiver)
    {
        if (method.ContainingType is not { TypeKind: TypeKind.Extension, ContainingType: { } outer } block || !method.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty
            || !block.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
            return null;
        int first = method.IsStatic ? 0 : 1;
        var found = outer.GetMembers(method.Name).OfType<IMethodSymbol>().Where(m => m.IsStatic && m.Parameters.Length == method.Parameters.Length + first
            && m.TypeParameters.Length == block.TypeParameters.Length + method.TypeParameters.Length).Select(m => Constructed(m, block, method))
            .Where(m => m.Parameters.Skip(first).Zip(method.Parameters, static (a, b) => SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(static same => same)).ToList();
        return found.FirstOrDefault(m => first == 1 && SymbolEqualityComparer.Default.Equals(m.Parameters[0].Type, receiver)) ?? found.FirstOrDefault();
    }

    static IMethodSymbol Constructed(IMethodSymbol implementation, INamedTypeSymbol block, IMethodSymbol method) =>
        implementation.TypeParameters.IsEmpty ? implementation : implementation.Construct(block.TypeArguments.Concat(method.TypeArguments).ToArray());
}
