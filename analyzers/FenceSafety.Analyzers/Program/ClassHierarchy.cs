using System.Collections.Immutable;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Program;

/// <summary>The types of a compilation by what they derive from: where virtual calls may go.</summary>
sealed class ClassHierarchy
{
    readonly Dictionary<INamedTypeSymbol, List<INamedTypeSymbol>> _derived = new(SymbolEqualityComparer.Default);
    readonly IAssemblySymbol _assembly;

    public ClassHierarchy(Compilation compilation, CancellationToken cancel)
    {
        _assembly = compilation.Assembly;
        var work = new Stack<INamespaceOrTypeSymbol>();
        work.Push(compilation.Assembly.GlobalNamespace);
        while (work.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var member in work.Pop().GetMembers())
            {
                if (member is INamespaceSymbol ns)
                    work.Push(ns);
                else if (member is INamedTypeSymbol type)
                {
                    work.Push(type);
                    AddType(type);
                }
            }
        }
    }

    public List<INamedTypeSymbol> SourceTypes { get; } = new();

    void AddType(INamedTypeSymbol type)
    {
        SourceTypes.Add(type);
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface))
            return;
        // A cyclic base list is an error that the compiler reports; it must not hang us.
        var seen = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default) { type };
        for (var b = type.BaseType; b is not null && seen.Add(b.OriginalDefinition); b = b.BaseType)
            Derive(b.OriginalDefinition, type);
        foreach (var i in type.AllInterfaces)
            Derive(i.OriginalDefinition, type);
    }

    void Derive(INamedTypeSymbol from, INamedTypeSymbol type)
    {
        if (!_derived.TryGetValue(from, out var list))
            _derived.Add(from, list = new List<INamedTypeSymbol>());
        if (list.Count == 0 || !SymbolEqualityComparer.Default.Equals(list[list.Count - 1], type))
            list.Add(type);
    }

    IEnumerable<INamedTypeSymbol> DerivedFrom(INamedTypeSymbol type) =>
        _derived.TryGetValue(type.OriginalDefinition, out var list) ? list : Enumerable.Empty<INamedTypeSymbol>();

    /// <summary>The overrides and implementations of a member in source.</summary>
    public IEnumerable<IMethodSymbol> Implementations(IMethodSymbol method) =>
        DerivedFrom(method.ContainingType).Select(t => ImplementationIn(t, method)).Where(static m => m is not null)!
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default);

    public (ImmutableArray<IMethodSymbol> Targets, bool Open) Resolve(
        IMethodSymbol method, ITypeSymbol? receiver, ITypeSymbol? exact, INamedTypeSymbol? through)
    {
        method = method.OriginalDefinition;
        var at = receiver as INamedTypeSymbol ?? method.ContainingType;
        // `IHandler<int>` is not implemented by what implements `IHandler<string>`.
        through ??= SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, method.ContainingType) ? at : null;
        var wanted = through is not null && IsClosed(through) && !IsVariant(through) ? through : null;
        if (exact is INamedTypeSymbol only)
            return (One(ImplementationIn(only, method, wanted)), false);
        if (at.IsSealed || at.IsValueType)
            return (One(ImplementationIn(at, method, wanted)), false);
        bool declaredHere = IsSource(method.ContainingType);
        if (!declaredHere && !IsSource(at) && IsFramework(method.ContainingAssembly))
            return (ImmutableArray<IMethodSymbol>.Empty, true);
        var targets = ImmutableArray.CreateBuilder<IMethodSymbol>();
        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        foreach (var type in DerivedFrom(at).Prepend(at.OriginalDefinition))
        {
            if (type.TypeKind == TypeKind.Interface || type.IsAbstract)
                continue;
            if (ImplementationIn(type, method, wanted) is { } target && seen.Add(target.OriginalDefinition))
                targets.Add(target.OriginalDefinition);
        }
        // An abstract class may be all that is visible of its concrete ones.
        if (targets.Count == 0 && at.TypeKind == TypeKind.Class && ImplementationIn(at, method) is { IsAbstract: false } own)
            targets.Add(own.OriginalDefinition);
        return (targets.ToImmutable(), CanBeImplementedOutside(method, at));

        static ImmutableArray<IMethodSymbol> One(IMethodSymbol? m) =>
            m is null || m.IsAbstract ? ImmutableArray<IMethodSymbol>.Empty : ImmutableArray.Create(m.OriginalDefinition);
    }

    bool IsSource(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _assembly);

    /// <summary>An assembly whose members are never expanded over all that happen to implement them.</summary>
    public static bool IsFramework(IAssemblySymbol? assembly) =>
        assembly is null || assembly.Name.StartsWith("System", StringComparison.Ordinal)
        || assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
        || assembly.Name is "mscorlib" or "netstandard" or "WindowsBase";

    static bool CanBeImplementedOutside(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (!IsVisibleOutside(type) || type.IsSealed)
            return false;
        if (type.TypeKind == TypeKind.Interface)
            return true;
        bool constructible = type.InstanceConstructors.Any(static c => IsOutside(c.DeclaredAccessibility));
        return constructible && (method.ContainingType.TypeKind == TypeKind.Interface || IsOutside(method.DeclaredAccessibility));
    }

    static bool IsOutside(Accessibility a) => a is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    /// <summary>Code outside the assembly can name it.</summary>
    public static bool IsVisibleOutside(ISymbol symbol)
    {
        for (ISymbol? s = symbol; s is not null and not INamespaceSymbol; s = s.ContainingSymbol)
        {
            if (!IsOutside(s.DeclaredAccessibility))
                return false;
        }
        return true;
    }

    static bool IsVariant(INamedTypeSymbol type) => type.OriginalDefinition.TypeParameters.Any(static p => p.Variance != VarianceKind.None);

    static bool IsClosed(INamedTypeSymbol type) =>
        type.IsGenericType && type.TypeArguments.All(static a => a is not ITypeParameterSymbol && (a is not INamedTypeSymbol { IsGenericType: true } n || IsClosed(n)));

    /// <summary>
    /// The member of a type that a virtual call of <paramref name="method"/> runs, or null; with <paramref name="wanted"/>, only as an
    /// implementation of that closed interface or an override of that closed class.
    /// </summary>
    public static IMethodSymbol? ImplementationIn(INamedTypeSymbol type, IMethodSymbol method, INamedTypeSymbol? wanted = null)
    {
        method = method.OriginalDefinition;
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            foreach (var i in type.AllInterfaces)
            {
                if (!SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, method.ContainingType)
                    || (wanted is not null && IsClosed(i) && !SymbolEqualityComparer.Default.Equals(i, wanted)))
                    continue;
                foreach (var member in i.GetMembers(method.Name))
                {
                    if (SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, method)
                        && type.FindImplementationForInterfaceMember(member) is IMethodSymbol found)
                        return MostDerived(type, found);
                }
            }
            return null;
        }
        if (wanted is not null && !Derives(type, wanted))
            return null;
        return MostDerived(type, method);
    }

    /// <summary>The same, for each construction of the interface that the type implements.</summary>
    public static IEnumerable<IMethodSymbol> ImplementationsIn(INamedTypeSymbol type, IMethodSymbol method)
    {
        var through = type.AllInterfaces.Where(i => i.IsGenericType && SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, method.OriginalDefinition.ContainingType)).ToList();
        var found = through.Count == 0
            ? new[] { ImplementationIn(type, method) }
            : through.Select(i => ImplementationIn(type, method, i));
        return found.OfType<IMethodSymbol>();
    }

    static bool Derives(INamedTypeSymbol type, INamedTypeSymbol wanted)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, wanted.OriginalDefinition))
                return !IsClosed(t) || SymbolEqualityComparer.Default.Equals(t, wanted);
        }
        return true;
    }

    /// <summary>The override of a class member that instances of exactly this type run.</summary>
    static IMethodSymbol? MostDerived(INamedTypeSymbol type, IMethodSymbol method)
    {
        var root = method.OriginalDefinition;
        if (root.ContainingType.TypeKind == TypeKind.Interface)
            return root;
        var seen = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        for (var t = type; t is not null && seen.Add(t.OriginalDefinition); t = t.BaseType)
        {
            foreach (var member in t.GetMembers(method.Name))
            {
                if (member is not IMethodSymbol m)
                    continue;
                for (IMethodSymbol? o = m; o is not null; o = o.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(o.OriginalDefinition, root))
                        return m;
                }
            }
        }
        return null;
    }
}
