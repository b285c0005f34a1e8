using System.Reflection.Metadata;

namespace FenceSafety.Summaries.Metadata;

/// <summary>The assemblies at hand, opened when a name in them is needed.</summary>
sealed class World : IDisposable
{
    /// <summary>Forwarders and nested names are followed this far.</summary>
    const int MaxDepth = 32;

    readonly Dictionary<string, ManagedAssembly?> _byName = new(StringComparer.OrdinalIgnoreCase);
    readonly List<ManagedAssembly> _all = [];
    readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);
    readonly SortedSet<string> _missing = new(StringComparer.Ordinal);
    readonly SortedSet<string> _damaged = new(StringComparer.Ordinal);
    readonly NamedType?[] _primitives = new NamedType?[0x20];
    readonly object _gate = new();

    public IReadOnlyCollection<ManagedAssembly> All => _all;

    /// <summary>Assemblies that a reference names and that were found nowhere.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>References that were found and could not be read.</summary>
    public IReadOnlyCollection<string> Damaged => _damaged;

    /// <summary>Where assemblies are looked for, the first file of a name counts.</summary>
    public void AddPath(string file) => _paths.TryAdd(Path.GetFileNameWithoutExtension(file), file);

    public void AddFolder(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (string file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            AddPath(file);
    }

    /// <summary>Where to look for what is in none of these places.</summary>
    public Neighbours? Neighbours { get; set; }

    public ManagedAssembly Add(ManagedAssembly assembly)
    {
        lock (_gate)
        {
            _all.Add(assembly);
            _byName[assembly.Name] = assembly;
            return assembly;
        }
    }

    public ManagedAssembly? Find(string name)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(name, out var known))
                return known;
            ManagedAssembly? found = null;
            if (_paths.TryGetValue(name, out string? path) || (path = Neighbours?.Find(name)) is not null)
            {
                try
                {
                    found = ManagedAssembly.Open(path, this);
                    _all.Add(found);
                }
                catch (BadAssemblyException e)
                {
                    _damaged.Add(e.Message);
                }
            }
            else
            {
                _missing.Add(name);
            }
            _byName[name] = found;
            return found;
        }
    }

    public TypeNode? Resolve(ManagedAssembly from, TypeReferenceHandle handle) => Resolve(from, handle, 0);

    TypeNode? Resolve(ManagedAssembly from, TypeReferenceHandle handle, int depth)
    {
        if (depth > MaxDepth)
            return null;
        var reference = from.Md.GetTypeReference(handle);
        string name = from.Md.GetString(reference.Name);
        string ns = from.Md.GetString(reference.Namespace);
        switch (reference.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                return Resolve(from, (TypeReferenceHandle)reference.ResolutionScope, depth + 1)?.NestedType(name);
            case HandleKind.AssemblyReference:
                var assembly = from.Md.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope);
                return Find(from.Md.GetString(assembly.Name)) is { } target ? TopLevel(target, ns, name, depth) : null;
            case HandleKind.ModuleDefinition:
                return TopLevel(from, ns, name, depth);
            default:
                return null;
        }
    }

    TypeNode? TopLevel(ManagedAssembly assembly, string ns, string name, int depth)
    {
        if (depth > MaxDepth)
            return null;
        if (assembly.TopLevelTypes.TryGetValue((ns, name), out var handle))
            return assembly.Type(handle);
        return assembly.Forwarded.TryGetValue((ns, name), out string? to) && Find(to) is { } target ? TopLevel(target, ns, name, depth + 1) : null;
    }

    /// <summary>A top-level type by its full name, in any assembly that is open.</summary>
    public TypeNode? FindByName(string fullName)
    {
        int dot = fullName.LastIndexOf('.');
        string ns = dot < 0 ? "" : fullName[..dot];
        string name = fullName[(dot + 1)..];
        foreach (var assembly in _all.ToArray())
        {
            if (TopLevel(assembly, ns, name, 0) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>A primitive type with its definition, if the core library is at hand.</summary>
    /// <exception cref="BadImageFormatException">There is no such type.</exception>
    public NamedType Primitive(PrimitiveTypeCode code) => (int)code < _primitives.Length && _primitives[(int)code] is { } known ? known : MakePrimitive(code);

    NamedType MakePrimitive(PrimitiveTypeCode code)
    {
        if (!Enum.IsDefined(code))
            throw new BadImageFormatException("unknown primitive type");
        string name = code.ToString();
        var node = Find("System.Private.CoreLib") is { } core ? TopLevel(core, "System", name, 0) : null;
        var made = new NamedType("System." + name, node, code is not (PrimitiveTypeCode.Object or PrimitiveTypeCode.String), []);
        return Interlocked.CompareExchange(ref _primitives[(int)code], made, null) ?? made;
    }

    public void Dispose()
    {
        foreach (var assembly in _all)
            assembly.Dispose();
    }
}
