using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace FenceSafety.Summaries.Metadata;

/// <summary>One assembly: its metadata and bodies, read when they are asked for. Nothing in it is trusted.</summary>
sealed class ManagedAssembly : IDisposable
{
    /// <summary>A signature of more bytes than this is not decoded: the decoder recurses.</summary>
    const int MaxSignature = 4096;

    readonly World _world;
    readonly TypeNode?[] _types;
    readonly IlType?[] _references;
    readonly IlType?[] _specifications;
    readonly ConcurrentDictionary<EntityHandle, string> _attributeTypes = new();
    readonly Lazy<bool> _mentionsAnnotations;
    readonly Lazy<Dictionary<(string Namespace, string Name), TypeDefinitionHandle>> _topLevel;
    readonly Lazy<Dictionary<(string Namespace, string Name), string>> _forwarded;

    ManagedAssembly(string path, PEReader pe, MetadataReader md, World world)
    {
        Path = path;
        Pe = pe;
        Md = md;
        _world = world;
        Name = md.GetString(md.GetAssemblyDefinition().Name);
        Mvid = md.GetGuid(md.GetModuleDefinition().Mvid);
        _types = new TypeNode?[md.TypeDefinitions.Count + 1];
        _references = new IlType?[md.TypeReferences.Count + 1];
        _specifications = new IlType?[md.GetTableRowCount(TableIndex.TypeSpec) + 1];
        Provider = new TypeProvider(this, world);
        Uses = new MemberUses(this);
        var flags = pe.PEHeaders.CorHeader?.Flags ?? 0;
        IsMixed = (flags & (CorFlags.ILOnly | CorFlags.ILLibrary)) == 0;
        _topLevel = new(ReadTopLevel);
        _forwarded = new(ReadForwarded);
        _mentionsAnnotations = new(() => AttributeReader.AreMentioned(md));
        IsReference = md.GetAssemblyDefinition().GetCustomAttributes().Any(a => AttributeReader.TypeName(this, a) == "System.Runtime.CompilerServices.ReferenceAssemblyAttribute");
    }

    public string Path { get; }
    public string Name { get; }
    public Guid Mvid { get; }
    public PEReader Pe { get; }
    public MetadataReader Md { get; }
    public TypeProvider Provider { get; }
    public MemberUses Uses { get; }

    /// <summary>Contains native code besides IL: native members are unknown.</summary>
    public bool IsMixed { get; }

    /// <summary>Has no bodies.</summary>
    public bool IsReference { get; }

    public IReadOnlyDictionary<(string Namespace, string Name), TypeDefinitionHandle> TopLevelTypes => _topLevel.Value;

    /// <summary>Types that are in another assembly by now, and in which.</summary>
    public IReadOnlyDictionary<(string Namespace, string Name), string> Forwarded => _forwarded.Value;

    /// <summary>Some type in it, or that it references, may be one of our attributes.</summary>
    public bool MentionsAnnotations => _mentionsAnnotations.Value;

    /// <summary>The type of an attribute by its constructor; see <see cref="AttributeReader.TypeName"/>.</summary>
    public string AttributeType(EntityHandle constructor) => _attributeTypes.GetOrAdd(constructor, static (c, md) => AttributeReader.TypeName(md, c), Md);

    /// <summary>Internal types of one assembly may have the names of another's.</summary>
    public bool SuffixInternal { get; set; }

    public static ManagedAssembly Open(string path, World world)
    {
        PEReader pe;
        try
        {
            using var file = File.OpenRead(path);
            RefuseEmpty(path, file.Length);
            // Outside the managed heap, which has enough to do.
            pe = new PEReader(file, PEStreamOptions.PrefetchEntireImage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new BadAssemblyException(path, "cannot be read: " + e.Message);
        }
        return Open(path, pe, world);
    }

    public static ManagedAssembly Open(string path, byte[] image, World world)
    {
        RefuseEmpty(path, image.Length);
        return Open(path, new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(image)), world);
    }

    static void RefuseEmpty(string path, long length)
    {
        if (length == 0)
            throw new BadAssemblyException(path, "is empty; a managed assembly (.dll or .exe with IL) is needed");
    }

    static ManagedAssembly Open(string path, PEReader pe, World world)
    {
        ManagedAssembly? opened = null;
        try
        {
            if (!pe.HasMetadata)
                throw new BadAssemblyException(path, "is a native image without managed metadata; a managed assembly is needed");
            var md = pe.GetMetadataReader();
            if (!md.IsAssembly)
                throw new BadAssemblyException(path, "is a module without an assembly manifest; summarise the assembly that it belongs to");
            return opened = new ManagedAssembly(path, pe, md, world);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException or IOException or IndexOutOfRangeException)
        {
            throw new BadAssemblyException(path, "is no managed assembly, or is damaged: " + e.Message);
        }
        finally
        {
            if (opened is null)
                pe.Dispose();
        }
    }

    public IEnumerable<TypeNode> Types => Md.TypeDefinitions.Select(Type);

    public TypeNode Type(TypeDefinitionHandle handle)
    {
        int row = MetadataTokens.GetRowNumber(handle);
        if (row <= 0 || row >= _types.Length)
            throw new BadImageFormatException("a type that does not exist");
        // Several threads may ask: one node counts.
        return _types[row] ?? Interlocked.CompareExchange(ref _types[row], new TypeNode(this, handle), null) ?? _types[row]!;
    }

    Dictionary<(string Namespace, string Name), TypeDefinitionHandle> ReadTopLevel()
    {
        var types = new Dictionary<(string Namespace, string Name), TypeDefinitionHandle>();
        foreach (var handle in Md.TypeDefinitions)
        {
            var type = Md.GetTypeDefinition(handle);
            if (type.GetDeclaringType().IsNil)
                types.TryAdd((Md.GetString(type.Namespace), Md.GetString(type.Name)), handle);
        }
        return types;
    }

    Dictionary<(string Namespace, string Name), string> ReadForwarded()
    {
        var forwards = new Dictionary<(string Namespace, string Name), string>();
        foreach (var handle in Md.ExportedTypes)
        {
            var exported = Md.GetExportedType(handle);
            if (exported.Implementation.Kind == HandleKind.AssemblyReference)
            {
                string to = Md.GetString(Md.GetAssemblyReference((AssemblyReferenceHandle)exported.Implementation).Name);
                forwards.TryAdd((Md.GetString(exported.Namespace), Md.GetString(exported.Name)), to);
            }
        }
        return forwards;
    }

    public MethodNode Method(MethodDefinitionHandle handle) => Type(Md.GetMethodDefinition(handle).GetDeclaringType()).Method(handle);

    public ImmutableArray<IlType> Locals(MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil)
            return [];
        var signature = Md.GetStandaloneSignature(body.LocalSignature);
        Check(signature.Signature);
        return signature.DecodeLocalSignature(Provider, null);
    }

    public IlType Reference(TypeReferenceHandle handle, bool isValueType)
    {
        int row = MetadataTokens.GetRowNumber(handle);
        if (row <= 0 || row >= _references.Length)
            throw new BadImageFormatException("a type reference that does not exist");
        if (_references[row] is { } known)
            return known;
        var node = _world.Resolve(this, handle);
        return _references[row] = node?.Open ?? new NamedType(TypeNode.NameOf(this, handle), null, isValueType, []);
    }

    public IlType Specification(TypeSpecificationHandle handle)
    {
        int row = MetadataTokens.GetRowNumber(handle);
        if (row <= 0 || row >= _specifications.Length)
            throw new BadImageFormatException("a type specification that does not exist");
        if (_specifications[row] is { } known)
            return known;
        var specification = Md.GetTypeSpecification(handle);
        Check(specification.Signature);
        return _specifications[row] = specification.DecodeSignature(Provider, null);
    }

    /// <summary>A type by any of the tokens that may name one.</summary>
    public IlType TypeOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => Type((TypeDefinitionHandle)handle).Open,
        HandleKind.TypeReference => Reference((TypeReferenceHandle)handle, false),
        HandleKind.TypeSpecification => Specification((TypeSpecificationHandle)handle),
        _ => throw new BadImageFormatException("a token that is no type"),
    };

    public void Check(BlobHandle signature)
    {
        if (Md.GetBlobReader(signature).Length > MaxSignature)
            throw new BadImageFormatException("a signature that is too long");
    }

    public void Dispose() => Pe.Dispose();
}
