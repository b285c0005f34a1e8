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
    const string Namespace = "FenceSafety";
    const string Prefix = Namespace + ".";

    public static ImmutableArray<Annotation> Annotations(ManagedAssembly assembly, CustomAttributeHandleCollection handles)
    {
        var result = ImmutableArray<Annotation>.Empty;
        if (!assembly.MentionsAnnotations)
            return result;
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

    /// <summary>The type argument of an attribute such as <c>AsyncStateMachineAttribute</c>, as documentation comments call it, arity included.</summary>
    public static string? TypeArgument(ManagedAssembly assembly, CustomAttributeHandle handle)
    {
        var value = assembly.Md.GetBlobReader(assembly.Md.GetCustomAttribute(handle).Value);
        return value.Length > 2 && value.ReadUInt16() == 1 && value.ReadSerializedString() is { } name ? Plain(name) : null;
    }

    /// <summary>A name as attributes spell it, without its assembly.</summary>
    public static string Plain(string serialized) => (serialized.IndexOf(',') is >= 0 and var comma ? serialized[..comma] : serialized).Trim().Replace('+', '.');

    /// <summary>The attribute's type by its namespace and name; empty if it is no class of its own.</summary>
    public static string TypeName(ManagedAssembly assembly, CustomAttributeHandle handle) => assembly.AttributeType(assembly.Md.GetCustomAttribute(handle).Constructor);

    public static string TypeName(MetadataReader md, EntityHandle constructor)
    {
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

    /// <summary>A type in the attributes' namespace is there or is referenced.</summary>
    public static bool AreMentioned(MetadataReader md) =>
        md.TypeReferences.Any(h => md.StringComparer.Equals(md.GetTypeReference(h).Namespace, Namespace))
        || md.TypeDefinitions.Any(h => md.StringComparer.Equals(md.GetTypeDefinition(h).Namespace, Namespace));
}
