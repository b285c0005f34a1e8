using System.Collections.Immutable;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Program;

/// <summary>Which method a virtual call runs, among the types of some assemblies.</summary>
sealed class Hierarchy
{
    readonly Dictionary<TypeNode, List<TypeNode>> _derived = [];

    public Hierarchy(IEnumerable<TypeNode> types)
    {
        foreach (var type in types)
        {
            foreach (var b in type.SelfAndBases.Skip(1).Concat(type.AllInterfaces))
            {
                if (b.Definition is not { } from)
                    continue;
                if (!_derived.TryGetValue(from, out var list))
                    _derived.Add(from, list = []);
                if (list.Count == 0 || list[^1] != type)
                    list.Add(type);
            }
        }
    }

    public IEnumerable<TypeNode> DerivedFrom(TypeNode type) => _derived.TryGetValue(type, out var list) ? list : [];

    /// <summary>The members that a method overrides or implements.</summary>
    public static IEnumerable<MethodNode> Overridden(MethodNode method)
    {
        if (method.IsStatic || !method.IsVirtual || method.Type.IsInterface)
            yield break;
        if (!method.IsNewSlot)
        {
            foreach (var b in method.Type.SelfAndBases.Skip(1))
            {
                if (b.Definition is { } from && Declared(from, b, method) is { } found)
                {
                    yield return found;
                    break;
                }
            }
        }
        foreach (var i in method.Type.AllInterfaces)
        {
            foreach (var member in i.Definition?.Methods ?? [])
            {
                if (ImplementationIn(method.Type, member, i) == method)
                    yield return member;
            }
        }
    }

    /// <summary>The method of a base or interface that has the same name and signature, in the terms of the deriving type.</summary>
    static MethodNode? Declared(TypeNode from, NamedType through, MethodNode method) =>
        from.Methods.FirstOrDefault(m => m.Name == method.Name && m.IsVirtual && SameSignature(m, through, method));

    static bool SameSignature(MethodNode declared, NamedType through, MethodNode method)
    {
        var a = declared.Signature;
        var b = method.Signature;
        if (a.ParameterTypes.Length != b.ParameterTypes.Length || a.GenericParameterCount != b.GenericParameterCount)
            return false;
        for (int i = 0; i < a.ParameterTypes.Length; i++)
        {
            if (a.ParameterTypes[i].Substitute(through.Arguments, default).DocName != b.ParameterTypes[i].DocName)
                return false;
        }
        return true;
    }

    /// <summary>The member that instances of a type run for <paramref name="method"/>, or null.</summary>
    /// <param name="wanted">The constructed interface that is meant, if only one is.</param>
    public static MethodNode? ImplementationIn(TypeNode type, MethodNode method, NamedType? wanted = null)
    {
        if (method.Type.IsInterface)
        {
            foreach (var i in type.AllInterfaces)
            {
                if (i.Definition != method.Type || (wanted is not null && IsClosed(wanted) && IsClosed(i) && i.DocName != wanted.DocName))
                    continue;
                if (Explicit(type, method, i) is { } explicitly)
                    return explicitly;
                foreach (var b in type.SelfAndBases)
                {
                    var found = b.Definition?.Methods.FirstOrDefault(m => m.Name == method.Name && m.IsVirtual && !m.IsStatic == !method.IsStatic
                        && SameTypes(method, i, m, b));
                    if (found is not null)
                        return MostDerived(type, found);
                }
                return method.IsAbstract ? null : method;
            }
            return null;
        }
        return MostDerived(type, method);
    }

    public static bool IsVariant(NamedType type) => type.Definition is { } definition && definition.Definition.GetGenericParameters().Any(p =>
        (definition.Assembly.Md.GetGenericParameter(p).Attributes & System.Reflection.GenericParameterAttributes.VarianceMask) != 0);

    static bool IsClosed(IlType type) => type is NamedType named ? named.Arguments.All(IsClosed) : type is not TypeParameter;

    static bool SameTypes(MethodNode declared, NamedType through, MethodNode method, NamedType implementer)
    {
        var a = declared.Signature;
        var b = method.Signature;
        if (a.ParameterTypes.Length != b.ParameterTypes.Length || a.GenericParameterCount != b.GenericParameterCount)
            return false;
        for (int i = 0; i < a.ParameterTypes.Length; i++)
        {
            if (a.ParameterTypes[i].Substitute(through.Arguments, default).DocName != b.ParameterTypes[i].Substitute(implementer.Arguments, default).DocName)
                return false;
        }
        return true;
    }

    static MethodNode? Explicit(TypeNode type, MethodNode method, NamedType through)
    {
        foreach (var b in type.SelfAndBases)
        {
            if (b.Definition is not { } at)
                continue;
            foreach (var handle in at.Definition.GetMethodImplementations())
            {
                var implementation = at.Assembly.Md.GetMethodImplementation(handle);
                var declaration = at.Assembly.Uses.Method(implementation.MethodDeclaration);
                if (declaration.Id == method.Id && declaration.Declaring.Substitute(b.Arguments, default).DocName == through.DocName)
                    return at.Assembly.Uses.Method(implementation.MethodBody).Node is { } body ? MostDerived(type, body) : null;
            }
        }
        return null;
    }

    /// <summary>The override that instances of exactly this type run.</summary>
    static MethodNode? MostDerived(TypeNode type, MethodNode root)
    {
        if (!root.IsVirtual)
            return root;
        foreach (var b in type.SelfAndBases)
        {
            if (b.Definition is not { } at)
                continue;
            if (at == root.Type)
                return root;
            var through = at.SelfAndBases.FirstOrDefault(t => t.Definition == root.Type);
            var found = through is null ? null : at.Methods.FirstOrDefault(m => m.Name == root.Name && m.IsVirtual && !m.IsNewSlot && SameSignature(root, through, m));
            if (found is not null)
                return found;
        }
        return root;
    }
}
