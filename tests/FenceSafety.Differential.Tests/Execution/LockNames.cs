using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>The lock classes of a program's objects: found by walking its fields from the static ones on.</summary>
internal sealed class LockNames
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Fields of this name are given their lock by whoever makes the object, and so have its class.</summary>
    private const string Injected = "_injected";

    private readonly ConditionalWeakTable<object, string> _names = [];
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly string _program;

    public LockNames(Assembly assembly, string program)
    {
        _program = program;
        foreach (Type type in assembly.GetTypes().Where(t => t.Namespace == program && !t.ContainsGenericParameters))
        {
            _names.AddOrUpdate(type, "typeof " + type.FullName);
            foreach (FieldInfo field in type.GetFields(All | BindingFlags.Static))
            {
                if (!field.IsLiteral)
                    Visit(field, field.GetValue(null));
            }
        }
    }

    public string? Of(object instance) => _names.TryGetValue(instance, out string? name) ? name : null;

    private void Visit(FieldInfo field, object? value)
    {
        if (value is null or string || value.GetType().IsPrimitive || field.Name == Injected)
            return;
        if (value is IDictionary map)
        {
            foreach (object? element in map.Values)
                Visit(field, element);
        }
        else if (value is IEnumerable elements)
        {
            foreach (object? element in elements)
                Visit(field, element);
        }

        if (!_seen.Add(value))
            return;
        string? declared = field.GetCustomAttribute<LockClassAttribute>() is not { } named ? null
            : named.Subclass == 0 ? named.Name : $"{named.Name}/{named.Subclass}";
        if (!_names.TryGetValue(value, out _) && value is not Type)
            _names.AddOrUpdate(value, declared ?? Class(field));
        if (value.GetType().Namespace is not ("System" or "System.Collections.Generic"))
            Walk(value);
    }

    /// <summary>The field as it is declared; of what the compiler makes of a property, the property.</summary>
    private static string Class(FieldInfo field)
    {
        Type type = field.DeclaringType!.IsGenericType ? field.DeclaringType.GetGenericTypeDefinition() : field.DeclaringType;
        string name = field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
        return $"{type.FullName}.{name}";
    }

    private void Walk(object instance)
    {
        for (Type? type = instance.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(All | BindingFlags.Instance))
            {
                if (!field.FieldType.IsPrimitive && !field.FieldType.IsPointer)
                    Visit(field, field.GetValue(instance));
            }
        }
    }
}
