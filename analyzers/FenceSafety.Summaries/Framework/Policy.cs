using System.Reflection;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Framework;

/// <summary>What the rules say of calls inside the framework whose callee is anybody's (rules, section 2, "Callees").</summary>
static class Policy
{
    /// <summary>Comparers that a collection keeps are taken as those of primitive keys; one that is passed to the member itself is unknown.</summary>
    public static bool IsComparer(string? type) => type is "System.Collections.Generic.IEqualityComparer`1" or "System.Collections.Generic.IComparer`1"
        or "System.Collections.IEqualityComparer" or "System.Collections.IComparer"
        or "System.Collections.Generic.IAlternateEqualityComparer`2"
        or "System.Collections.Generic.EqualityComparer`1" or "System.Collections.Generic.Comparer`1" or "System.StringComparer";

    /// <summary>Looked at as one of these, a parameter of type IEnumerable is still enumerated: a class enumerator, and no unknown call besides.</summary>
    public static bool IsCollection(string type) => type is "System.Collections.ICollection" or "System.Collections.IList" or "System.Collections.IDictionary"
        || (type.StartsWith("System.Collections.Generic.I", StringComparison.Ordinal) && type[27..] is "ICollection`1" or "IList`1" or "IReadOnlyCollection`1"
            or "IReadOnlyList`1" or "ISet`1" or "IReadOnlySet`1" or "IDictionary`2" or "IReadOnlyDictionary`2");

    public static bool IsEnumerable(IlType type) => type is NamedType { Name: "System.Collections.IEnumerable" or "System.Collections.Generic.IEnumerable`1" };

    /// <summary>How values of a type parameter compare and calculate: as primitive values do, if nothing more is known of the type.</summary>
    public static bool IsComparison(string member) =>
        member.StartsWith("M:System.Object.Equals(", StringComparison.Ordinal) || member.StartsWith("M:System.Object.GetHashCode", StringComparison.Ordinal)
        || member.StartsWith("M:System.IEquatable`1.Equals(", StringComparison.Ordinal) || member.StartsWith("M:System.IComparable`1.CompareTo(", StringComparison.Ordinal)
        || member.StartsWith("M:System.IComparable.CompareTo(", StringComparison.Ordinal) || member.StartsWith("M:System.Numerics.I", StringComparison.Ordinal);

    /// <summary>Event sources say nothing until somebody listens.</summary>
    public static bool IsTracing(MethodNode? method) =>
        method is not null && method.Type.SelfAndBases.Any(static b => b.Name == "System.Diagnostics.Tracing.EventSource");

    /// <summary>Texts of messages are kept once they were looked up.</summary>
    public static bool IsResource(MethodNode? method) =>
        method is { IsStatic: true, Type: { Name: "SR", IsVisibleOutside: false } } && method.Signature.ReturnType.Is("System.String")
        && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name is "GetResourceString");

    /// <summary>Element access of arrays with several dimensions.</summary>
    public static bool IsArrayAccess(string member) => member is "M:array.Get" or "M:array.Set" or "M:array.Address";

    /// <summary>
    /// Abstract types whose members are those of one type in practice: reflection hands out the runtime's, and a culture is no class of the
    /// program's.
    /// </summary>
    public static string? Receiver(string type) => type switch
    {
        "System.Type" or "System.Reflection.TypeInfo" => "System.RuntimeType@System.Private.CoreLib",
        "System.Reflection.MethodInfo" => "System.Reflection.RuntimeMethodInfo@System.Private.CoreLib",
        "System.Reflection.ConstructorInfo" => "System.Reflection.RuntimeConstructorInfo@System.Private.CoreLib",
        "System.Reflection.FieldInfo" => "System.Reflection.RtFieldInfo@System.Private.CoreLib",
        "System.Reflection.PropertyInfo" => "System.Reflection.RuntimePropertyInfo@System.Private.CoreLib",
        "System.Reflection.EventInfo" => "System.Reflection.RuntimeEventInfo@System.Private.CoreLib",
        "System.Reflection.ParameterInfo" => "System.Reflection.RuntimeParameterInfo@System.Private.CoreLib",
        "System.Reflection.Assembly" => "System.Reflection.RuntimeAssembly@System.Private.CoreLib",
        "System.Reflection.Module" => "System.Reflection.RuntimeModule@System.Private.CoreLib",
        "System.Globalization.CultureInfo" => type,
        _ => null,
    };

    /// <summary>
    /// Native code takes nothing from the GC heap and calls nothing, unless it is given somewhere to put an object, or something to call: its
    /// signature says so. What the marshaller makes for it (strings, arrays, classes) is unknown.
    /// </summary>
    public static bool IsHarmlessNative(MethodNode? method)
    {
        if (method is null || method.HasBody || method.IsAbstract)
            return false;
        bool runtime = (method.Definition.ImplAttributes & MethodImplAttributes.InternalCall) != 0;
        if (!runtime && (method.Attributes & MethodAttributes.PinvokeImpl) == 0)
            return false;
        // An internal call gets references as they are, and may allocate only what it returns.
        return IsPlain(method.Signature.ReturnType) && method.Signature.ParameterTypes.All(p => runtime ? p is not FunctionPointerType : IsPlain(p));
    }

    static bool IsPlain(IlType type) => type switch
    {
        PointerType or ByRefType { Element: PointerType } => true,
        ByRefType reference => IsPlain(reference.Element),
        NamedType
        {
            Name: "System.Runtime.CompilerServices.ObjectHandleOnStack@System.Private.CoreLib"
            or "System.Runtime.CompilerServices.StringHandleOnStack@System.Private.CoreLib"
        } => false,
        NamedType named => named.IsValueType || named.Definition is { IsValueType: true } || named.Name == "System.Void",
        _ => false,
    };
}
