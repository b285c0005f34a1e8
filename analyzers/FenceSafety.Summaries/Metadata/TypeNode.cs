using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace FenceSafety.Summaries.Metadata;

/// <summary>A type definition.</summary>
sealed class TypeNode
{
    /// <summary>Types in types in types: compilers write a few.</summary>
    const int MaxNesting = 64;

    string? _id;
    NamedType? _base;
    ImmutableArray<NamedType> _interfaces;
    ImmutableArray<MethodNode> _methods;
    Dictionary<string, MethodNode>? _byId;
    ImmutableArray<Annotation> _annotations;
    ImmutableArray<NamedType> _bases;
    ImmutableArray<NamedType> _allInterfaces;
    HashSet<string>? _ancestors;
    Dictionary<MethodDefinitionHandle, EntityHandle>? _accessors;
    ConcurrentDictionary<(MethodNode, string), MethodNode?>? _implementations;
    sbyte _disposable;

    public TypeNode(ManagedAssembly assembly, TypeDefinitionHandle handle)
    {
        Assembly = assembly;
        Handle = handle;
        Definition = assembly.Md.GetTypeDefinition(handle);
        Attributes = Definition.Attributes;
        Name = assembly.Md.GetString(Definition.Name);
        Outer = FindOuter();
        DocName = MakeName();
        GenericParameters = Definition.GetGenericParameters().Count;
        string? baseName = BaseName();
        IsEnum = baseName == "System.Enum";
        IsValueType = IsEnum || (baseName == "System.ValueType" && !(Name == "Enum" && assembly.Md.GetString(Definition.Namespace) == "System"));
        IsDelegate = baseName == "System.MulticastDelegate";
        var arguments = Enumerable.Range(0, GenericParameters).Select(static i => (IlType)new TypeParameter(false, i)).ToImmutableArray();
        Open = new NamedType(DocName, this, IsValueType, []);
        Self = GenericParameters == 0 ? Open : Open.With(arguments);
        IsCompilerGenerated = Name.Contains('<');
    }

    public ManagedAssembly Assembly { get; }
    public TypeDefinitionHandle Handle { get; }
    public TypeDefinition Definition { get; }
    public TypeAttributes Attributes { get; }
    public string Name { get; }

    /// <summary>Own type parameters and those of the types around it.</summary>
    public int GenericParameters { get; }
    public bool IsEnum { get; }
    public bool IsValueType { get; }
    public bool IsDelegate { get; }
    public bool IsCompilerGenerated { get; }

    /// <summary>The definition without arguments, and as its own members see it.</summary>
    public NamedType Open { get; }
    public NamedType Self { get; }

    public TypeNode? Outer { get; }

    /// <summary>As in documentation-comment ids, with its prefix: <c>T:Ns.Outer.Inner`1</c>.</summary>
    public string Id => _id ??= "T:" + DocName;

    /// <summary>The same without the prefix.</summary>
    public string DocName { get; }
    public NamedType? Base => Definition.BaseType.IsNil ? null : _base ??= Assembly.TypeOf(Definition.BaseType) as NamedType;
    public ImmutableArray<NamedType> Interfaces => _interfaces.IsDefault
        ? _interfaces = [.. Definition.GetInterfaceImplementations().Select(i => Assembly.TypeOf(Assembly.Md.GetInterfaceImplementation(i).Interface)).OfType<NamedType>()]
        : _interfaces;
    public ImmutableArray<MethodNode> Methods => _methods.IsDefault ? ReadMethods() : _methods;
    public ImmutableArray<Annotation> Annotations =>
        _annotations.IsDefault ? _annotations = AttributeReader.Annotations(Assembly, Definition.GetCustomAttributes()) : _annotations;
    public bool IsInterface => (Attributes & TypeAttributes.Interface) != 0;
    public bool IsAbstract => (Attributes & TypeAttributes.Abstract) != 0;
    public bool IsSealed => (Attributes & TypeAttributes.Sealed) != 0;
    public bool BeforeFieldInit => (Attributes & TypeAttributes.BeforeFieldInit) != 0;

    /// <summary>Code of other assemblies can name it.</summary>
    public bool IsVisibleOutside
    {
        get
        {
            TypeNode? t = this;
            for (int i = 0; t is not null && i < 64; i++, t = t.Outer)
            {
                if ((t.Attributes & TypeAttributes.VisibilityMask) is not (TypeAttributes.Public or TypeAttributes.NestedPublic
                    or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem))
                    return false;
            }
            return true;
        }
    }

    /// <summary>As messages call it: with the types around it and the names of its parameters.</summary>
    public string Display
    {
        get
        {
            int tick = Name.IndexOf('`');
            string own = tick < 0 ? Name : Name[..tick];
            int from = Outer?.GenericParameters ?? 0;
            var names = Definition.GetGenericParameters().Skip(from).Select(p => Assembly.Md.GetString(Assembly.Md.GetGenericParameter(p).Name)).ToList();
            if (names.Count > 0)
                own += "<" + string.Join(", ", names) + ">";
            return Outer is null ? own : Outer.Display + "." + own;
        }
    }

    public MethodNode? Method(string id) => (_byId ??= ById()).GetValueOrDefault(id);

    Dictionary<string, MethodNode> ById()
    {
        var result = new Dictionary<string, MethodNode>(Methods.Length, StringComparer.Ordinal);
        foreach (var method in Methods)
            result.TryAdd(method.Id, method);
        return result;
    }

    /// <exception cref="BadImageFormatException">It is none of this type's.</exception>
    public MethodNode Method(MethodDefinitionHandle handle)
    {
        // They are rows in a row, but in the tables of an edit.
        int at = Methods.Length == 0 ? -1 : MetadataTokens.GetRowNumber(handle) - MetadataTokens.GetRowNumber(Methods[0].Handle);
        if (at >= 0 && at < Methods.Length && Methods[at].Handle == handle)
            return Methods[at];
        return Methods.FirstOrDefault(m => m.Handle == handle) ?? throw new BadImageFormatException("a method that its type does not have");
    }

    ImmutableArray<MethodNode> ReadMethods()
    {
        var handles = Definition.GetMethods();
        var methods = ImmutableArray.CreateBuilder<MethodNode>(handles.Count);
        foreach (var handle in handles)
            methods.Add(new MethodNode(this, handle));
        // Several threads may ask: one set of nodes counts.
        ImmutableInterlocked.InterlockedInitialize(ref _methods, methods.MoveToImmutable());
        return _methods;
    }

    /// <summary>The property or event that a method is an accessor of; nil if there is none.</summary>
    public EntityHandle DeclaredBy(MethodDefinitionHandle accessor) => (_accessors ??= ReadAccessors()).GetValueOrDefault(accessor);

    Dictionary<MethodDefinitionHandle, EntityHandle> ReadAccessors()
    {
        var result = new Dictionary<MethodDefinitionHandle, EntityHandle>();
        foreach (var handle in Definition.GetProperties())
        {
            var accessors = Assembly.Md.GetPropertyDefinition(handle).GetAccessors();
            result.TryAdd(accessors.Getter, handle);
            result.TryAdd(accessors.Setter, handle);
        }
        foreach (var handle in Definition.GetEvents())
        {
            var accessors = Assembly.Md.GetEventDefinition(handle).GetAccessors();
            result.TryAdd(accessors.Adder, handle);
            result.TryAdd(accessors.Remover, handle);
        }
        return result;
    }

    public TypeNode? NestedType(string name)
    {
        foreach (var nested in Definition.GetNestedTypes())
        {
            if (Assembly.Md.StringComparer.Equals(Assembly.Md.GetTypeDefinition(nested).Name, name))
                return Assembly.Type(nested);
        }
        return null;
    }

    public MethodNode? TypeInitializer => Methods.FirstOrDefault(static m => m.Name == ".cctor");

    /// <summary>The types it derives from, itself first, with the arguments of each; a cyclic list ends.</summary>
    public ImmutableArray<NamedType> SelfAndBases => _bases.IsDefault ? _bases = [.. FindBases] : _bases;

    IEnumerable<NamedType> FindBases
    {
        get
        {
            NamedType? at = Self;
            for (int i = 0; at is not null && i < 64; i++)
            {
                yield return at;
                at = at.Definition?.Base?.Substitute(at.Arguments, []) as NamedType;
            }
        }
    }

    /// <summary>All interfaces, inherited ones too, in the terms of this type.</summary>
    public ImmutableArray<NamedType> AllInterfaces => _allInterfaces.IsDefault ? _allInterfaces = [.. FindInterfaces] : _allInterfaces;

    /// <summary>The names of all these, itself included.</summary>
    public HashSet<string> Ancestors => _ancestors ??= SelfAndBases.Concat(AllInterfaces).Select(static t => t.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>What virtual calls run in this type; see <see cref="Program.Hierarchy"/>.</summary>
    public ConcurrentDictionary<(MethodNode, string), MethodNode?> Implementations =>
        _implementations ?? Interlocked.CompareExchange(ref _implementations, new(), null) ?? _implementations;

    IEnumerable<NamedType> FindInterfaces
    {
        get
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var work = new Queue<NamedType>();
            foreach (var b in SelfAndBases)
            {
                foreach (var i in b.Definition?.Interfaces ?? [])
                    work.Enqueue((NamedType)i.Substitute(b.Arguments, []));
            }
            while (work.Count > 0 && seen.Count < 1024)
            {
                var next = work.Dequeue();
                if (!seen.Add(next.DocName))
                    continue;
                yield return next;
                foreach (var i in next.Definition?.Interfaces ?? [])
                    work.Enqueue((NamedType)i.Substitute(next.Arguments, []));
            }
        }
    }

    public bool IsDisposable => (_disposable != 0 ? _disposable : _disposable = (sbyte)(FindDisposable() ? 1 : -1)) > 0;

    bool FindDisposable()
    {
        if (DocName is "System.IDisposable" or "System.IAsyncDisposable" || AllInterfaces.Any(static i => i.Name is "System.IDisposable" or "System.IAsyncDisposable"))
            return true;
        bool byRefLike = Definition.GetCustomAttributes().Any(a => AttributeReader.TypeName(Assembly, a) == "System.Runtime.CompilerServices.IsByRefLikeAttribute");
        return byRefLike && Methods.Any(static m => m.Name == "Dispose" && !m.IsStatic && m.Signature.ParameterTypes.IsEmpty);
    }

    public PrimitiveTypeCode EnumType
    {
        get
        {
            foreach (var handle in Definition.GetFields())
            {
                var declared = Assembly.Md.GetFieldDefinition(handle);
                if ((declared.Attributes & FieldAttributes.Static) == 0 && declared.DecodeSignature(Assembly.Provider, null) is NamedType { Name: var name }
                    && Enum.TryParse(name["System.".Length..], out PrimitiveTypeCode code))
                    return code;
            }
            return PrimitiveTypeCode.Int32;
        }
    }

    /// <exception cref="BadImageFormatException">Types are nested in each other.</exception>
    TypeNode? FindOuter()
    {
        var outer = Definition.GetDeclaringType();
        if (outer.IsNil || outer == Handle)
            return null;
        var at = outer;
        for (int depth = 0; !at.IsNil; at = Assembly.Md.GetTypeDefinition(at).GetDeclaringType())
        {
            if (++depth > MaxNesting)
                throw new BadImageFormatException("types that are nested too deep, or in each other");
        }
        return Assembly.Type(outer);
    }

    string MakeName()
    {
        if (Outer is not null)
            return Outer.DocName + "." + Name;
        string ns = Assembly.Md.GetString(Definition.Namespace);
        string own = ns.Length == 0 ? Name : ns + "." + Name;
        return Assembly.SuffixInternal && (Attributes & TypeAttributes.VisibilityMask) != TypeAttributes.Public ? own + "@" + Assembly.Name : own;
    }

    string? BaseName()
    {
        var handle = Definition.BaseType;
        switch (handle.IsNil ? default : handle.Kind)
        {
            case HandleKind.TypeReference:
                var reference = Assembly.Md.GetTypeReference((TypeReferenceHandle)handle);
                return Assembly.Md.GetString(reference.Namespace) + "." + Assembly.Md.GetString(reference.Name);
            case HandleKind.TypeDefinition when !handle.IsNil:
                var definition = Assembly.Md.GetTypeDefinition((TypeDefinitionHandle)handle);
                return Assembly.Md.GetString(definition.Namespace) + "." + Assembly.Md.GetString(definition.Name);
            default:
                return null;
        }
    }

    /// <summary>The name of a reference that leads nowhere.</summary>
    public static string NameOf(ManagedAssembly from, TypeReferenceHandle handle)
    {
        string name = "";
        for (int i = 0; i < 32; i++)
        {
            var reference = from.Md.GetTypeReference(handle);
            string own = from.Md.GetString(reference.Name);
            name = name.Length == 0 ? own : own + "." + name;
            if (reference.ResolutionScope.Kind != HandleKind.TypeReference)
            {
                string ns = from.Md.GetString(reference.Namespace);
                return ns.Length == 0 ? name : ns + "." + name;
            }
            handle = (TypeReferenceHandle)reference.ResolutionScope;
        }
        return name;
    }
}
