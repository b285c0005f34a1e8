using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

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

    /// <summary>Internal types of one assembly may have the names of another's.</summary>
    public bool SuffixInternal { get; set; }

    public static ManagedAssembly Open(string path, World world)
    {
        byte[] image;
        try
        {
            image = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new BadAssemblyException(path, "cannot be read: " + e.Message);
        }
        return Open(path, image, world);
    }

    public static ManagedAssembly Open(string path, byte[] image, World world)
    {
        if (image.Length == 0)
            throw new BadAssemblyException(path, "is empty; a managed assembly (.dll or .exe with IL) is needed");
        try
        {
            var pe = new PEReader(ImmutableCollectionsMarshalBytes(image));
            if (!pe.HasMetadata)
                throw new BadAssemblyException(path, "is a native image without managed metadata; a managed assembly is needed");
            var md = pe.GetMetadataReader();
            if (!md.IsAssembly)
                throw new BadAssemblyException(path, "is a module without an assembly manifest; summarise the assembly that it belongs to");
            return new ManagedAssembly(path, pe, md, world);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException or IOException or IndexOutOfRangeException)
        {
            throw new BadAssemblyException(path, "is no managed assembly, or is damaged: " + e.Message);
        }
    }

    static ImmutableArray<byte> ImmutableCollectionsMarshalBytes(byte[] image) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(image);

    public IEnumerable<TypeNode> Types => Md.TypeDefinitions.Select(Type);

    public TypeNode Type(TypeDefinitionHandle handle)
    {
        int row = MetadataTokens.GetRowNumber(handle);
        if (row <= 0 || row >= _types.Length)
            throw new BadImageFormatException("a type that does not exist");
        return _types[row] ??= new TypeNode(this, handle, _world);
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
