using System.Reflection;
using System.Text.RegularExpressions;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>A method of a program, and what is declared of it.</summary>
internal sealed partial class MethodData
{
    private MethodData(MethodBase method, int line)
    {
        DeclaredAt = line;
        Type type = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericTypeDefinition() : method.DeclaringType;
        Name = type.Name + "." + method.Name;
        Unit = UnitPattern().Match(method.Name) is { Success: true } own ? own.Value
            : UnitPattern().Match(type.FullName!.Split('.')[^1]) is { Success: true } around ? around.Value : "Shrinker";
        IsVisible = type.IsVisible && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);
        IsGeneric = method.IsGenericMethod;
        IsLambda = method.Name.Contains(">b__", StringComparison.Ordinal);
        var declared = Declarations(method).SelectMany(member => member.GetCustomAttributesData())
            .Select(data => data.AttributeType.FullName).ToHashSet(StringComparer.Ordinal);
        IsCritical = declared.Contains("FenceSafety.FenceCriticalAttribute");
        RunsInReclaim = declared.Contains("FenceSafety.RunsInReclaimAttribute");
        RunsAtomic = declared.Contains("FenceSafety.RunsAtomicAttribute");
        MayKeepLocks = declared.Contains("FenceSafety.AcquiresLockAttribute")
            || method is MethodInfo { ReturnType: { IsPrimitive: false } result } && result.GetMethod("Dispose", Type.EmptyTypes) is not null;
        RequiredLock = method.GetCustomAttribute<RequiresLockAttribute>() is { } required
            ? $"{method.DeclaringType!.FullName}.{required.Target}" : null;
        HasLockParameter = method.GetParameters().Any(p => p.ParameterType == typeof(object) || p.ParameterType == typeof(object).MakeByRefType());
        // A lock that is required is the body's own for the time.
        MayGiveLocks = method.Name == "Dispose" || RequiredLock is not null || declared.Contains("FenceSafety.ReleasesLockAttribute");
    }

    public string Name { get; }

    /// <summary>The line, from 1, on which its body begins: its name is there, or that of its property before.</summary>
    public int DeclaredAt { get; }

    /// <summary>Code outside of its assembly can call it.</summary>
    public bool IsVisible { get; }

    public bool IsGeneric { get; }

    /// <summary>What it belongs to: an entry such as <c>E0</c>, or a method such as <c>M0</c>.</summary>
    public string Unit { get; }

    public bool IsLambda { get; }

    public bool IsCritical { get; }

    public bool RunsInReclaim { get; }

    public bool RunsAtomic { get; }

    /// <summary>It says that it leaves a lock held, or returns a guard.</summary>
    public bool MayKeepLocks { get; }

    public bool MayGiveLocks { get; }

    public bool HasLockParameter { get; }

    /// <summary>The class of the lock that its callers hold, by its own word.</summary>
    public string? RequiredLock { get; }

    public static MethodData Of(MethodBase method, int line) => new(method, line);

    /// <summary>The method, what it overrides or implements, its property, and their types.</summary>
    private static IEnumerable<MemberInfo> Declarations(MethodBase method)
    {
        yield return method;
        if (method.DeclaringType is not { } type)
            yield break;
        yield return type;
        foreach (PropertyInfo property in type.GetProperties(All))
        {
            if (property.GetMethod == method)
                yield return property;
        }

        if (method is not MethodInfo { IsStatic: false } instance)
            yield break;
        for (MethodInfo? at = instance; at is not null && at.GetBaseDefinition() != at; at = Overridden(at))
            yield return Overridden(at) ?? at;
        foreach (Type implemented in type.IsInterface ? [] : type.GetInterfaces())
        {
            InterfaceMapping map = type.GetInterfaceMap(implemented);
            int index = Array.IndexOf(map.TargetMethods, instance);
            if (index < 0)
                continue;
            yield return implemented;
            yield return map.InterfaceMethods[index];
        }
    }

    [GeneratedRegex("[EM][0-9]+")]
    private static partial Regex UnitPattern();

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static MethodInfo? Overridden(MethodInfo method)
    {
        for (Type? type = method.DeclaringType!.BaseType; type is not null; type = type.BaseType)
        {
            MethodInfo? found = type.GetMethods(All).FirstOrDefault(
                candidate => candidate.GetBaseDefinition() == method.GetBaseDefinition());
            if (found is not null)
                return found;
        }

        return null;
    }
}

/// <summary>One frame of a program's stack.</summary>
/// <param name="Line">From 1.</param>
/// <param name="IsConverted">Called through <c>Run.Critical</c>, whose delegate type is fence-critical.</param>
internal sealed record Frame(MethodData Method, int Line, bool IsConverted)
{
    /// <summary>Fence-critical by declaration: a lambda that was converted to a critical delegate is as well.</summary>
    public bool IsCritical => Method.IsCritical || (IsConverted && Method.IsLambda);
}
