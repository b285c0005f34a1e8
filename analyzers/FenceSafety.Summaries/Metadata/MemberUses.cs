using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FenceSafety.Core.Facts;

namespace FenceSafety.Summaries.Metadata;

/// <summary>A method as code names it: with the type arguments of this use.</summary>
sealed class MethodUse(string id, string name, MethodNode? node, NamedType declaring, MethodSignature<IlType> signature, ImmutableArray<IlType> typeArguments)
{
    public string Id { get; } = id;
    public string Name { get; } = name;
    public MethodNode? Node { get; } = node;
    public NamedType Declaring { get; } = declaring;
    public MethodSignature<IlType> Signature { get; } = signature;
    public ImmutableArray<IlType> TypeArguments { get; } = typeArguments;
    public ImmutableArray<IlType> Parameters => Signature.ParameterTypes;
    public bool IsStatic => !Signature.Header.IsInstance;
    public string TypeName => Declaring.Name;
    public IlType ReturnType => _return ??= Signature.ReturnType.Substitute(Declaring.Arguments, TypeArguments);
    public bool ReturnsVoid { get; } = signature.ReturnType.Is("System.Void");

    /// <summary>Kept by whoever reads calls.</summary>
    public Bodies.CallShape? Shape { get; set; }

    IlType? _return;

    public IlType Parameter(int index) => Signature.ParameterTypes[index].Substitute(Declaring.Arguments, TypeArguments);

    ImmutableArray<string> _engine;
    ParameterAttributes[]? _attributes;

    /// <summary>As the engine wants them: <c>!!n=type</c>, <c>!n=type</c>.</summary>
    public ImmutableArray<string> EngineTypeArguments => _engine.IsDefault ? _engine = MakeTypeArguments() : _engine;

    public ParameterAttributes AttributesOf(int index)
    {
        if (_attributes is null)
        {
            var all = new ParameterAttributes[Parameters.Length];
            foreach (var (i, parameter) in Node?.Parameters ?? [])
                all[i] = parameter.Attributes;
            _attributes = all;
        }
        return _attributes[index];
    }

    ImmutableArray<string> MakeTypeArguments() => TypeArguments.IsEmpty && Declaring.Arguments.IsEmpty ? [] :
        TypeArguments.Select(static (a, i) => "!!" + i + "=" + a.EngineName).Concat(Declaring.Arguments.Select(static (a, i) => "!" + i + "=" + a.EngineName)).ToImmutableArray();
}

/// <summary>A field as code names it.</summary>
sealed record FieldUse(string Id, string Name, TypeNode? Owner, NamedType Declaring, IlType Type, FieldDefinitionHandle Handle)
{
    /// <summary>Kept by whoever names lock classes.</summary>
    public FieldLock? Lock { get; set; }

    public FieldAttributes Attributes => Owner is null || Handle.IsNil ? 0 : Owner.Assembly.Md.GetFieldDefinition(Handle).Attributes;
}

/// <summary>The id and the lock class of a field.</summary>
sealed record FieldLock(string Id, LockInfo Info);

/// <summary>The members that the tokens of one assembly name; each token is read once, or by several threads at a time.</summary>
sealed class MemberUses(ManagedAssembly assembly)
{
    readonly MethodUse?[] _definitions = Rows<MethodUse>(assembly, TableIndex.MethodDef);
    readonly MethodUse?[] _references = Rows<MethodUse>(assembly, TableIndex.MemberRef);
    readonly MethodUse?[] _instances = Rows<MethodUse>(assembly, TableIndex.MethodSpec);
    readonly FieldUse?[] _ownFields = Rows<FieldUse>(assembly, TableIndex.Field);
    readonly FieldUse?[] _fieldReferences = Rows<FieldUse>(assembly, TableIndex.MemberRef);

    static T?[] Rows<T>(ManagedAssembly assembly, TableIndex table) => new T?[assembly.Md.GetTableRowCount(table) + 1];

    MetadataReader Md => assembly.Md;

    public MethodUse Method(EntityHandle token)
    {
        var known = token.Kind switch
        {
            HandleKind.MethodDefinition => _definitions,
            HandleKind.MemberReference => _references,
            HandleKind.MethodSpecification => _instances,
            _ => throw new BadImageFormatException("a token that is no method"),
        };
        int row = MetadataTokens.GetRowNumber(token);
        if (row <= 0 || row >= known.Length)
            throw new BadImageFormatException("a method that does not exist");
        // Notes of a body are compared: of several threads that ask, one answer counts.
        return known[row] ?? Interlocked.CompareExchange(ref known[row], ReadMethod(token), null) ?? known[row]!;
    }

    public FieldUse Field(EntityHandle token)
    {
        var known = token.Kind switch
        {
            HandleKind.FieldDefinition => _ownFields,
            HandleKind.MemberReference => _fieldReferences,
            _ => throw new BadImageFormatException("a token that is no field"),
        };
        int row = MetadataTokens.GetRowNumber(token);
        if (row <= 0 || row >= known.Length)
            throw new BadImageFormatException("a field that does not exist");
        return known[row] ?? Interlocked.CompareExchange(ref known[row], ReadField(token), null) ?? known[row]!;
    }

    MethodUse ReadMethod(EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodDefinition:
                var node = assembly.Method((MethodDefinitionHandle)token);
                return new MethodUse(node.Id, node.Name, node, node.Type.Self, node.Signature, []);
            case HandleKind.MethodSpecification:
                var specification = Md.GetMethodSpecification((MethodSpecificationHandle)token);
                if (specification.Method.Kind == HandleKind.MethodSpecification)
                    throw new BadImageFormatException("a method instance of a method instance");
                assembly.Check(specification.Signature);
                var open = Method(specification.Method);
                return new MethodUse(open.Id, open.Name, open.Node, open.Declaring, open.Signature, specification.DecodeSignature(assembly.Provider, null));
            default:
                return Reference(Md.GetMemberReference((MemberReferenceHandle)token));
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
        string id = DeclarationIds.Of(declaring.Name, name, signature);
        foreach (var at in declaring.Definition is null ? [] : declaring.Definition.SelfAndBases)
        {
            string wanted = at.Definition == declaring.Definition ? id : DeclarationIds.Of(at.Name, name, signature);
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
        if (token.Kind == HandleKind.FieldDefinition)
        {
            var owner = assembly.Type(Md.GetFieldDefinition((FieldDefinitionHandle)token).GetDeclaringType());
            return Make(owner, owner.Self, (FieldDefinitionHandle)token);
        }
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
