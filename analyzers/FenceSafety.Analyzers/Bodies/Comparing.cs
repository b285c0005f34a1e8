using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>Members of the framework that ask keys and elements whether they are equal, for their hash, or for their order.</summary>
static class Comparing
{
    static readonly string[] s_equality = { "Equals", "GetHashCode" };
    static readonly string[] s_equals = { "Equals" };
    static readonly string[] s_hash = { "GetHashCode" };
    static readonly string[] s_order = { "CompareTo" };
    static readonly string[] s_none = { };

    /// <summary>Whose answers a member of the framework wants, and which.</summary>
    public static (ImmutableArray<ITypeSymbol> Types, string[] Asked) Elements(IMethodSymbol method)
    {
        if (method.ContainingType is not { } type || !type.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
            return default;
        if (type.IsTupleType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
            return method.Name is "Equals" or "GetHashCode" or "CompareTo" ? (ImmutableArray.Create<ITypeSymbol>(type), new[] { method.Name }) : default;
        if (IsCollection(type))
            return (ImmutableArray.Create(type.TypeArguments[type.Name == "PriorityQueue" ? 1 : 0]), OfCollection(type, method));
        return method.IsGenericMethod || type.Name == "HashCode" ? (method.TypeArguments, OfAlgorithm(type.Name, method.Name)) : default;
    }

    public static bool IsCollection(INamedTypeSymbol? type) =>
        type is { TypeArguments.Length: > 0, DeclaringSyntaxReferences.IsEmpty: true } && Bodies.Elements.IsCollection(type.ContainingNamespace);

    static string[] OfCollection(INamedTypeSymbol collection, IMethodSymbol method)
    {
        bool asks = method.Name is not ("get_Count" or "Clear" or "GetEnumerator" or "get_Keys" or "get_Values" or "EnsureCapacity" or "Peek" or "TryPeek" or ".ctor" or "get_Comparer");
        return collection.Name switch
        {
            "Dictionary" or "HashSet" or "ConcurrentDictionary" or "FrozenDictionary" or "FrozenSet" or "ImmutableDictionary" or "ImmutableHashSet" => asks ? s_equality : s_none,
            "SortedDictionary" or "SortedSet" or "SortedList" or "PriorityQueue" => asks ? s_order : s_none,
            _ => method.Name switch
            {
                "Contains" or "IndexOf" or "LastIndexOf" or "Remove" => s_equals,
                "Sort" or "BinarySearch" => s_order,
                _ => s_none,
            },
        };
    }

    static string[] OfAlgorithm(string type, string method) => (type, method) switch
    {
        ("HashCode", "Combine" or "Add") => s_hash,
        ("Array", "IndexOf" or "LastIndexOf") => s_equals,
        ("Array" or "MemoryExtensions", "Sort" or "BinarySearch" or "SequenceCompareTo") => s_order,
        ("MemoryExtensions", "IndexOf" or "LastIndexOf" or "Contains" or "SequenceEqual" or "StartsWith" or "EndsWith" or "IndexOfAny" or "Count" or "CommonPrefixLength") => s_equals,
        ("Enumerable", "Contains" or "SequenceEqual") => s_equals,
        ("Enumerable", "Distinct" or "Union" or "Intersect" or "Except" or "ToHashSet") => s_equality,
        ("Enumerable", "Min" or "Max" or "Order" or "OrderDescending") => s_order,
        _ => s_none,
    };

    /// <summary>The comparer interfaces of a type.</summary>
    public static IEnumerable<INamedTypeSymbol> Of(ITypeSymbol type) =>
        (type is INamedTypeSymbol { TypeKind: TypeKind.Interface } self ? type.AllInterfaces.Add(self) : type.AllInterfaces)
        .Where(static i => i is { Name: "IEqualityComparer" or "IComparer", ContainingNamespace: { Name: "Generic" or "Collections" } });
}
