using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Metadata;

/// <summary>One of our attributes, by its full metadata name, wherever it is declared.</summary>
sealed record Annotation(string Name, ImmutableArray<object?> Arguments, ImmutableDictionary<string, object?> Named)
{
    public string? Text(int index) => index < Arguments.Length ? Arguments[index] as string : null;

    public object? Value(string name) => Named.GetValueOrDefault(name);

    public bool Flag(string name) => Value(name) is true;
}

static class AttributeReader
{
    const string Prefix = "FenceSafety.";

    public static ImmutableArray<Annotation> Annotations(ManagedAssembly assembly, CustomAttributeHandleCollection handles)
    {
        var result = ImmutableArray<Annotation>.Empty;
        foreach (var handle in handles)
        {
            string name = TypeName(assembly, handle);
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith("Attribute", StringComparison.Ordinal) && name.LastIndexOf('.') == Prefix.Length - 1)
                result = result.Add(Read(assembly, handle, name[Prefix.Length..]));
        }
        return result;
    }

    static Annotation Read(ManagedAssembly assembly, CustomAttributeHandle handle, string name)
    {
        var value = assembly.Md.GetCustomAttribute(handle).DecodeValue(assembly.Provider);
        return new Annotation(
            name,
            value.FixedArguments.SelectMany(static a => a.Value is ImmutableArray<CustomAttributeTypedArgument<IlType>> list ? list.Select(static x => x.Value) : [a.Value]).ToImmutableArray(),
            value.NamedArguments.GroupBy(static a => a.Name ?? "").ToImmutableDictionary(static g => g.Key, static g => g.First().Value));
    }

    /// <summary>The type argument of an attribute such as <c>AsyncStateMachineAttribute</c>.</summary>
    public static string? TypeArgument(ManagedAssembly assembly, CustomAttributeHandle handle)
    {
        var arguments = assembly.Md.GetCustomAttribute(handle).DecodeValue(assembly.Provider).FixedArguments;
        return arguments.Length > 0 && arguments[0].Value is NamedType type ? type.Name : null;
    }

    /// <summary>The attribute's type by its namespace and name; empty if it is no class of its own.</summary>
    public static string TypeName(ManagedAssembly assembly, CustomAttributeHandle handle)
    {
        var md = assembly.Md;
        var constructor = md.GetCustomAttribute(handle).Constructor;
        var type = constructor.Kind switch
        {
            HandleKind.MethodDefinition => md.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType(),
            HandleKind.MemberReference => md.GetMemberReference((MemberReferenceHandle)constructor).Parent,
            _ => default,
        };
        switch (type.Kind)
        {
            case HandleKind.TypeDefinition when !type.IsNil:
                var definition = md.GetTypeDefinition((TypeDefinitionHandle)type);
                return definition.GetDeclaringType().IsNil ? md.GetString(definition.Namespace) + "." + md.GetString(definition.Name) : "";
            case HandleKind.TypeReference:
                var reference = md.GetTypeReference((TypeReferenceHandle)type);
                return reference.ResolutionScope.Kind == HandleKind.TypeReference ? "" : md.GetString(reference.Namespace) + "." + md.GetString(reference.Name);
            default:
                return "";
        }
    }
}
