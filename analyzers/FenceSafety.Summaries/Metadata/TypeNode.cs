using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Metadata;

/// <summary>A type definition.</summary>
sealed class TypeNode
{
    readonly World _world;
    readonly Lazy<TypeNode?> _outer;
    readonly Lazy<string> _id;
    readonly Lazy<NamedType?> _base;
    readonly Lazy<ImmutableArray<NamedType>> _interfaces;
    readonly Lazy<ImmutableArray<MethodNode>> _methods;
    readonly Lazy<Dictionary<string, MethodNode>> _byId;
    readonly Lazy<ImmutableArray<Annotation>> _annotations;
    readonly Lazy<bool> _disposable;

    public TypeNode(ManagedAssembly assembly, TypeDefinitionHandle handle, World world)
    {
        Assembly = assembly;
        Handle = handle;
        _world = world;
        Definition = assembly.Md.GetTypeDefinition(handle);
        Attributes = Definition.Attributes;
        Name = assembly.Md.GetString(Definition.Name);
        var once = LazyThreadSafetyMode.PublicationOnly;
        _outer = new(() => Definition.GetDeclaringType() is { IsNil: false } outer && outer != handle ? assembly.Type(outer) : null, once);
        _id = new(MakeId, once);
        _base = new(() => Definition.BaseType.IsNil ? null : assembly.TypeOf(Definition.BaseType) as NamedType, once);
        _interfaces = new(() => Definition.GetInterfaceImplementations()
            .Select(i => assembly.TypeOf(assembly.Md.GetInterfaceImplementation(i).Interface)).OfType<NamedType>().ToImmutableArray(), once);
        _methods = new(() => Definition.GetMethods().Select(m => new MethodNode(this, m)).ToImmutableArray(), once);
        _byId = new(() => Methods.GroupBy(static m => m.Id, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.First(), StringComparer.Ordinal), once);
        _annotations = new(() => AttributeReader.Annotations(assembly, Definition.GetCustomAttributes()), once);
        _disposable = new(FindDisposable, once);
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

    public TypeNode? Outer => _outer.Value;

    /// <summary>As in documentation-comment ids, with its prefix: <c>T:Ns.Outer.Inner`1</c>.</summary>
    public string Id => _id.Value;
    public string DocName => Id[2..];
    public NamedType? Base => _base.Value;
    public ImmutableArray<NamedType> Interfaces => _interfaces.Value;
    public ImmutableArray<MethodNode> Methods => _methods.Value;
    public ImmutableArray<Annotation> Annotations => _annotations.Value;
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

    public MethodNode? Method(string id) => _byId.Value.GetValueOrDefault(id);

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
    public IEnumerable<NamedType> SelfAndBases
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
    public IEnumerable<NamedType> AllInterfaces
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

    public bool IsDisposable => _disposable.Value;

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

    string MakeId()
    {
        string ns = Assembly.Md.GetString(Definition.Namespace);
        string own = Outer is { } outer ? outer.Id + "." + Name : "T:" + (ns.Length == 0 ? Name : ns + "." + Name);
        return Outer is null && Assembly.SuffixInternal && (Attributes & TypeAttributes.VisibilityMask) != TypeAttributes.Public ? own + "@" + Assembly.Name : own;
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
