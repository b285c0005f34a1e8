using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>
/// A method with all that share its signature: what it overrides and implements, what overrides and implements that, and both parts of a
/// partial one.
/// </summary>
sealed class Family
{
    readonly Dictionary<string, IMethodSymbol> _members = new(StringComparer.Ordinal);

    public IEnumerable<IMethodSymbol> Members => _members.Values;

    public bool Contains(ISymbol? symbol) => symbol is IMethodSymbol method && _members.ContainsKey(Key(Definition(method)));

    /// <summary>Null if one of them is not ours to change, or others than calls depend on its signature.</summary>
    public static async Task<Family?> OfAsync(IMethodSymbol method, Solution solution, CancellationToken cancel)
    {
        var family = new Family();
        var work = new Stack<IMethodSymbol>();
        work.Push(method);
        while (work.Count > 0)
        {
            var next = Definition(work.Pop());
            string key = Key(next);
            if (family._members.ContainsKey(key))
                continue;
            family._members.Add(key, next);
            if (!CanChange(next))
                return null;
            foreach (var related in await RelatedAsync(next, solution, cancel).ConfigureAwait(false))
                work.Push(related);
        }
        return family;
    }

    /// <summary>Declarations of all of them, with both parts of partial ones.</summary>
    public IEnumerable<SyntaxNode> Declarations(CancellationToken cancel) => Members
        .SelectMany(static m => m.PartialImplementationPart is { } body ? new[] { m, body } : new[] { m })
        .SelectMany(static m => m.DeclaringSyntaxReferences)
        .Select(r => r.GetSyntax(cancel)).Distinct();

    /// <summary>Others than this solution may call it.</summary>
    public bool IsPublicApi(Solution solution) => Members.Any(m => IsVisible(m)
        && solution.GetProject(m.ContainingAssembly)?.CompilationOptions?.OutputKind is not (OutputKind.ConsoleApplication or OutputKind.WindowsApplication));

    public static IMethodSymbol Definition(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return method.PartialDefinitionPart ?? method;
    }

    /// <summary>The same in every compilation.</summary>
    static string Key(IMethodSymbol method) => method.MethodKind == MethodKind.LocalFunction
        ? method.Locations[0].ToString()
        : method.ContainingAssembly.Name + "|" + (method.GetDocumentationCommentId() ?? method.ToDisplayString());

    static bool CanChange(IMethodSymbol method)
    {
        bool isKind = method.MethodKind is MethodKind.Ordinary or MethodKind.Constructor or MethodKind.LocalFunction or MethodKind.ExplicitInterfaceImplementation;
        return isKind && !method.IsExtern && !method.IsVararg && !method.DeclaringSyntaxReferences.IsEmpty
            && !method.Parameters.Any(static p => p.IsParams)
            && method.DeclaringSyntaxReferences.All(static r => r.GetSyntax() is MethodDeclarationSyntax or ConstructorDeclarationSyntax or LocalFunctionStatementSyntax)
            && !IsFoundByName(method);
    }

    /// <summary>The language, the runtime or a tool finds the method by name or attribute.</summary>
    static bool IsFoundByName(IMethodSymbol method)
    {
        if (method is { IsStatic: true, Name: "Main" } && method.MethodKind == MethodKind.Ordinary)
            return true;
        if (method.MethodKind == MethodKind.Ordinary && method.Name is "Dispose" or "DisposeAsync")
            return true;
        return method.GetAttributes().Any(static a => a.AttributeClass?.ContainingNamespace?.ToString() is not (null or "FenceSafety" or "System" or "System.Diagnostics"
            or "System.Runtime.CompilerServices" or "System.Diagnostics.CodeAnalysis" or "System.ComponentModel"));
    }

    static bool IsVisible(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
            return false;
        for (ISymbol? at = method; at is not (null or INamespaceSymbol); at = at.ContainingSymbol)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
                return false;
        }
        return true;
    }

    static async Task<IEnumerable<IMethodSymbol>> RelatedAsync(IMethodSymbol method, Solution solution, CancellationToken cancel)
    {
        var related = new List<IMethodSymbol>(method.ExplicitInterfaceImplementations);
        if (method.OverriddenMethod is { } overridden)
            related.Add(overridden);
        if (method.MethodKind is MethodKind.Constructor or MethodKind.LocalFunction || method.IsStatic && !method.IsAbstract && !method.IsVirtual && method.ExplicitInterfaceImplementations.IsEmpty)
            return related;
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            related.AddRange((await SymbolFinder.FindImplementationsAsync(method, solution, cancellationToken: cancel).ConfigureAwait(false)).OfType<IMethodSymbol>());
            return related;
        }
        foreach (var member in method.ContainingType.AllInterfaces.SelectMany(i => i.GetMembers(method.Name)).OfType<IMethodSymbol>())
        {
            if (SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
                related.Add(member);
        }
        if (method.IsVirtual || method.IsAbstract || method.IsOverride)
            related.AddRange((await SymbolFinder.FindOverridesAsync(method, solution, cancellationToken: cancel).ConfigureAwait(false)).OfType<IMethodSymbol>());
        return related;
    }
}
