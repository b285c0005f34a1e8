using FenceSafety.Analyzers.Bodies;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Annotations;

/// <summary>What can be wrong with an annotation: the checks of FENCE010 that attributes and files share. Null: nothing.</summary>
static class AnnotationChecks
{
    /// <summary>The properties that an attribute has, and how many arguments; the compiler checks this of attributes, not of lines.</summary>
    public static string? Shape(Annotation a)
    {
        var (most, named) = a.Name switch
        {
            Attributes.MayAllocate => (0, new[] { "FlagsParameter", "BlockingFlags" }),
            Attributes.AssumeFenceSafe or Attributes.RequiresLock or Attributes.RequiresStable => (1, Array.Empty<string>()),
            Attributes.LockPrimitive => (1, new[] { "Recursive" }),
            Attributes.AcquiresLock => (1, new[] { "Try", "Shared" }),
            Attributes.ReleasesLock => (1, new[] { "Shared" }),
            Attributes.LockClass => (1, new[] { "Subclass" }),
            Attributes.RefCounted => (0, new[] { "Acquire", "Release" }),
            Attributes.LockOrder => (int.MaxValue, Array.Empty<string>()),
            _ => (0, Array.Empty<string>()),
        };
        if (a.Arguments.Length > most)
            return $"{Short(a.Name)} takes {(most == 0 ? "no argument" : "one argument")}, not {a.Arguments.Length}";
        foreach (string name in a.Named.Keys.OrderBy(static n => n, StringComparer.Ordinal))
        {
            if (!named.Contains(name))
                return $"{Short(a.Name)} has no property '{name}'" + Choice(named);
        }
        return null;
    }

    /// <summary>The arguments of one annotation on its symbol.</summary>
    public static string? Arguments(Annotation a, ISymbol symbol)
    {
        switch (a.Name)
        {
            case Attributes.AssumeFenceSafe:
                return string.IsNullOrWhiteSpace(a.Text(0))
                    ? "[AssumeFenceSafe] needs a reason: say why this neither allocates, waits nor takes a lock" : null;
            case Attributes.MayAllocate when a.Value("FlagsParameter") is string flags:
                return symbol is IMethodSymbol method && method.Parameters.All(p => p.Name != flags)
                    ? $"{symbol.Name} has no parameter '{flags}'" + Choice(method.Parameters.Select(static p => p.Name)) : null;
            case Attributes.LockClass:
                return string.IsNullOrWhiteSpace(a.Text(0)) ? "[LockClass] needs a name" : null;
            case Attributes.AcquiresLock or Attributes.ReleasesLock or Attributes.RequiresLock when a.Text(0) is { } target:
                return Target(target, symbol);
            case Attributes.RequiresStable when a.Text(0) is { } target:
                return Target(target, symbol is IParameterSymbol { ContainingSymbol: var owner } ? owner : symbol);
            case Attributes.RefCounted when symbol is INamedTypeSymbol type:
                foreach (string property in new[] { "Acquire", "Release" })
                {
                    if (a.Value(property) is string member && !Members(type, member))
                        return $"{type.Name} has no method '{member}'";
                }
                return null;
            case Attributes.FenceCritical or Attributes.RunsInReclaim or Attributes.RunsAtomic or Attributes.MayAllocate
                when symbol is IParameterSymbol { Type: not { TypeKind: TypeKind.Delegate or TypeKind.Error or TypeKind.FunctionPointer } } p:
                return $"'{p.Name}' is no delegate: the annotation says how a delegate will be called";
            default:
                return null;
        }
    }

    static bool Members(INamedTypeSymbol type, string name)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.GetMembers(name).OfType<IMethodSymbol>().Any())
                return true;
        }
        return type.AllInterfaces.Any(i => i.GetMembers(name).Any());
    }

    static string? Target(string name, ISymbol symbol)
    {
        if (name.Length == 0)
            return "The name of a lock is empty: name a field, property or parameter, or leave it out for the receiver";
        var method = symbol as IMethodSymbol;
        if (LockMembers.Extended(symbol.ContainingType)?.Identifier.ValueText == name)
            return null;
        if (method?.Parameters.Any(p => p.Name == name) == true || LockMembers.Find(symbol.ContainingType, name) is not null)
            return null;
        var candidates = symbol.ContainingType?.GetMembers().Where(static m => m is IFieldSymbol { IsImplicitlyDeclared: false } or IPropertySymbol)
            .Select(static m => m.Name).Concat(method?.Parameters.Select(static p => p.Name) ?? Enumerable.Empty<string>()) ?? Enumerable.Empty<string>();
        return $"'{symbol.ContainingType?.Name ?? symbol.Name}' has no field, property or parameter '{name}'" + Choice(candidates);
    }

    static string Choice(IEnumerable<string> names)
    {
        var list = names.Take(8).ToList();
        return list.Count == 0 ? "" : ": there is " + string.Join(", ", list);
    }

    /// <summary>Two annotations of one declaration that cannot both be true.</summary>
    public static string? Contradiction(IEnumerable<string> names)
    {
        var set = new HashSet<string>(names);
        foreach (string claim in new[] { Attributes.FenceCritical, Attributes.AssumeFenceSafe })
        {
            foreach (string effect in new[] { Attributes.MayAllocate, Attributes.WaitsForFence })
            {
                if (set.Contains(claim) && set.Contains(effect))
                    return $"[{Short(claim)}] and [{Short(effect)}] contradict each other: keep one of them";
            }
        }
        return null;
    }

    static string Short(string attribute) => attribute.Substring(0, attribute.Length - "Attribute".Length);
}
