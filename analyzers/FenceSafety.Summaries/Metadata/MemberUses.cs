using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Metadata;

/// <summary>A method as code names it: with the type arguments of this use.</summary>
sealed record MethodUse(string Id, string Name, MethodNode? Node, NamedType Declaring, MethodSignature<IlType> Signature, ImmutableArray<IlType> TypeArguments)
{
    public ImmutableArray<IlType> Parameters => Signature.ParameterTypes;
    public bool IsStatic => !Signature.Header.IsInstance;
    public string TypeName => Declaring.Name;
    public IlType ReturnType => Signature.ReturnType.Substitute(Declaring.Arguments, TypeArguments);
    public bool ReturnsVoid => Signature.ReturnType.Is("System.Void");

    public IlType Parameter(int index) => Signature.ParameterTypes[index].Substitute(Declaring.Arguments, TypeArguments);

    /// <summary>As the engine wants them: <c>!!n=type</c>, <c>!n=type</c>.</summary>
    public ImmutableArray<string> EngineTypeArguments =>
        TypeArguments.Select(static (a, i) => "!!" + i + "=" + a.EngineName).Concat(Declaring.Arguments.Select(static (a, i) => "!" + i + "=" + a.EngineName)).ToImmutableArray();
}

/// <summary>A field as code names it.</summary>
sealed record FieldUse(string Id, string Name, TypeNode? Owner, NamedType Declaring, IlType Type, FieldDefinitionHandle Handle)
{
    public FieldAttributes Attributes => Owner is null || Handle.IsNil ? 0 : Owner.Assembly.Md.GetFieldDefinition(Handle).Attributes;
}

/// <summary>The members that the tokens of one assembly name; each token is read once.</summary>
sealed class MemberUses(ManagedAssembly assembly)
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<EntityHandle, MethodUse> _methods = new();
    readonly System.Collections.Concurrent.ConcurrentDictionary<EntityHandle, FieldUse> _fields = new();

    MetadataReader Md => assembly.Md;

    public MethodUse Method(EntityHandle token) => _methods.GetOrAdd(token, ReadMethod);

    public FieldUse Field(EntityHandle token) => _fields.GetOrAdd(token, ReadField);

    MethodUse ReadMethod(EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodDefinition:
                var type = assembly.Type(Md.GetMethodDefinition((MethodDefinitionHandle)token).GetDeclaringType());
                var node = type.Methods.First(m => m.Handle == (MethodDefinitionHandle)token);
                return new MethodUse(node.Id, node.Name, node, type.Self, node.Signature, []);
            case HandleKind.MethodSpecification:
                var specification = Md.GetMethodSpecification((MethodSpecificationHandle)token);
                if (specification.Method.Kind == HandleKind.MethodSpecification)
                    throw new BadImageFormatException("a method instance of a method instance");
                assembly.Check(specification.Signature);
                return Method(specification.Method) with { TypeArguments = specification.DecodeSignature(assembly.Provider, null) };
            case HandleKind.MemberReference:
                return Reference(Md.GetMemberReference((MemberReferenceHandle)token));
            default:
                throw new BadImageFormatException("a token that is no method");
        }
    }

    MethodUse Reference(MemberReference reference)
    {
        if (reference.GetKind() != MemberReferenceKind.Method)
            throw new BadImageFormatException("a field where a method is needed");
        assembly.Check(reference.Signature);
        var signature = reference.DecodeMethodSignature(assembly.Provider, null);
        string name = Md.GetString(reference.Name);
        if (reference.Parent.Kind == HandleKind.MethodDefinition)
            return Method(reference.Parent);
        var parent = assembly.TypeOf(reference.Parent);
        if (parent is not NamedType declaring)
        {
            // Get, Set and Address of arrays of several dimensions.
            return new MethodUse("M:array." + MethodNode.Encode(name), name, null, new NamedType("System.Array", null, false, []), signature, []);
        }
        string id = MethodNode.MakeId(declaring.Name, name, signature);
        foreach (var at in declaring.Definition is null ? [] : declaring.Definition.SelfAndBases)
        {
            string wanted = at.Definition == declaring.Definition ? id : MethodNode.MakeId(at.Name, name, signature);
            if (at.Definition?.Method(wanted) is { } node)
            {
                var through = at.Definition == declaring.Definition ? declaring : (NamedType)at.Substitute(declaring.Arguments, []);
                return new MethodUse(node.Id, name, node, through.Definition is null ? declaring : through, node.Signature, []);
            }
        }
        return new MethodUse(id, name, null, declaring, signature, []);
    }

    FieldUse ReadField(EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.FieldDefinition:
                var definition = Md.GetFieldDefinition((FieldDefinitionHandle)token);
                var owner = assembly.Type(definition.GetDeclaringType());
                return Make(owner, owner.Self, (FieldDefinitionHandle)token);
            case HandleKind.MemberReference:
                var reference = Md.GetMemberReference((MemberReferenceHandle)token);
                if (reference.GetKind() != MemberReferenceKind.Field)
                    throw new BadImageFormatException("a method where a field is needed");
                string name = Md.GetString(reference.Name);
                if (assembly.TypeOf(reference.Parent) is not NamedType declaring)
                    throw new BadImageFormatException("a field of what has none");
                foreach (var at in declaring.Definition is null ? [] : declaring.Definition.SelfAndBases)
                {
                    if (at.Definition is not { } type)
                        continue;
                    foreach (var handle in type.Definition.GetFields())
                    {
                        if (type.Assembly.Md.StringComparer.Equals(type.Assembly.Md.GetFieldDefinition(handle).Name, name))
                            return Make(type, type == declaring.Definition ? declaring : at, handle);
                    }
                }
                assembly.Check(reference.Signature);
                return new FieldUse("F:" + declaring.Name + "." + name, name, null, declaring, reference.DecodeFieldSignature(assembly.Provider, null), default);
            default:
                throw new BadImageFormatException("a token that is no field");
        }
    }

    static FieldUse Make(TypeNode owner, NamedType declaring, FieldDefinitionHandle handle)
    {
        var field = owner.Assembly.Md.GetFieldDefinition(handle);
        string name = owner.Assembly.Md.GetString(field.Name);
        owner.Assembly.Check(field.Signature);
        var type = field.DecodeSignature(owner.Assembly.Provider, null).Substitute(declaring.Arguments, []);
        return new FieldUse("F:" + owner.DocName + "." + MethodNode.Encode(name), name, owner, declaring, type, handle);
    }
}
