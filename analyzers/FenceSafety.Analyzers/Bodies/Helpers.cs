using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Types that can be disposed: by interface or, for ref structs, by pattern.</summary>
static class Disposables
{
    /// <summary>What awaiting a task gives; other types are themselves.</summary>
    public static ITypeSymbol Awaited(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: { Length: 1 } arguments, ContainingNamespace.Name: "Tasks" } ? arguments[0] : type;

    public static bool IsDisposable(ITypeSymbol? type)
    {
        if (type is null or { SpecialType: SpecialType.System_Void } or { TypeKind: TypeKind.Error })
            return false;
        // A task can be disposed, but what matters is what it gives.
        if (type is { Name: "Task", ContainingNamespace.Name: "Tasks" })
            return false;
        if (type.Name is "IDisposable" or "IAsyncDisposable")
            return true;
        if (type.AllInterfaces.Any(static i => i is { Name: "IDisposable" or "IAsyncDisposable", ContainingNamespace.Name: "System" }))
            return true;
        return type.IsRefLikeType && type.GetMembers("Dispose").Any(static m => m is IMethodSymbol { Parameters.IsEmpty: true, IsStatic: false });
    }
}

/// <summary>Members of framework collections that hand out what is in them: an element has the lock class of its collection.</summary>
static class Elements
{
    public static bool Of(IMethodSymbol method) =>
        method.ContainingType is { } type && type.DeclaringSyntaxReferences.IsEmpty
        && (IsCollection(type.ContainingNamespace) || type.Name is "ConditionalWeakTable" or "Span" or "ReadOnlySpan" or "Memory" or "ArraySegment"
            || (type.ContainingType is { } outer && IsCollection(outer.ContainingNamespace)));

    public static bool IsCollection(INamespaceSymbol? ns)
    {
        for (; ns is { IsGlobalNamespace: false }; ns = ns.ContainingNamespace)
        {
            if (ns is { Name: "Collections", ContainingNamespace.Name: "System" })
                return true;
        }
        return false;
    }
}

/// <summary>Accessors that only read or write their own backing field.</summary>
static class AutoProperties
{
    public static bool IsPlain(IPropertySymbol property, IMethodSymbol accessor)
    {
        if (property.IsAbstract || property.IsVirtual || property.IsOverride || property.ContainingType?.TypeKind == TypeKind.Interface)
            return false;
        return HasNoBody(accessor) && HasBackingField(property);
    }

    /// <summary>The compiler writes the accessor.</summary>
    public static bool HasNoBody(IMethodSymbol accessor)
    {
        foreach (var reference in accessor.OriginalDefinition.DeclaringSyntaxReferences)
        {
            switch (reference.GetSyntax())
            {
                case AccessorDeclarationSyntax { Body: null, ExpressionBody: null }:
                    return true;
                // A record's positional property.
                case ParameterSyntax:
                    return true;
            }
        }
        return accessor.IsImplicitlyDeclared && !accessor.OriginalDefinition.ContainingType.DeclaringSyntaxReferences.IsEmpty;
    }

    static bool HasBackingField(IPropertySymbol property) =>
        property.OriginalDefinition.ContainingType.GetMembers().Any(m =>
            m is IFieldSymbol f && SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property.OriginalDefinition));
}

/// <summary>Calls of <c>[Conditional]</c> methods that this compilation drops, with their arguments.</summary>
static class ConditionalCalls
{
    public static bool IsDropped(IInvocationOperation call)
    {
        bool any = false;
        for (IMethodSymbol? m = call.TargetMethod; m is not null; m = m.OverriddenMethod)
        {
            foreach (var a in m.GetAttributes())
            {
                if (a.AttributeClass is not { Name: "ConditionalAttribute", ContainingNamespace.Name: "Diagnostics" })
                    continue;
                if (a.ConstructorArguments.FirstOrDefault().Value is string symbol && IsDefined(call.Syntax.SyntaxTree, symbol))
                    return false;
                any = true;
            }
        }
        return any;
    }

    static bool IsDefined(SyntaxTree tree, string symbol)
    {
        bool defined = tree.Options.PreprocessorSymbolNames.Contains(symbol);
        if (tree.GetRoot() is CompilationUnitSyntax { ContainsDirectives: true } root)
        {
            foreach (var directive in root.GetFirstToken(includeZeroWidth: true).LeadingTrivia.Where(static t => t.HasStructure).Select(static t => t.GetStructure()))
            {
                if (directive is DefineDirectiveTriviaSyntax define && define.Name.ValueText == symbol)
                    defined = true;
                else if (directive is UndefDirectiveTriviaSyntax undef && undef.Name.ValueText == symbol)
                    defined = false;
            }
        }
        return defined;
    }
}
