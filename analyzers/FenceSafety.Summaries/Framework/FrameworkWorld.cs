using System.Collections.Concurrent;
using System.Collections.Immutable;
using FenceSafety.Summaries.Bodies;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Framework;

/// <summary>All assemblies of a framework, with every body digested.</summary>
sealed class FrameworkWorld
{
    readonly ConcurrentDictionary<string, MethodNode> _methods = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, TypeNode> _types = new(StringComparer.Ordinal);
    readonly Declarations _declarations = new(FrameworkContracts.None, static _ => false);
    readonly Lazy<Hierarchy> _hierarchy;

    FrameworkWorld(IReadOnlyList<ManagedAssembly> assemblies)
    {
        Assemblies = assemblies;
        _hierarchy = new Lazy<Hierarchy>(() => new Hierarchy(assemblies.SelectMany(static a => a.Types)));
    }

    public IReadOnlyList<ManagedAssembly> Assemblies { get; }

    public Hierarchy Hierarchy => _hierarchy.Value;

    public ConcurrentDictionary<string, Digest> Digests { get; } = new(StringComparer.Ordinal);

    public IEnumerable<MethodNode> Methods => _methods.Values;

    public MethodNode? Method(string id) => _methods.GetValueOrDefault(id);

    public TypeNode? Type(string name)
    {
        if (_types.TryGetValue(name, out var type))
            return type;
        return _declarations.Constructed.TryGetValue(name, out var constructed) ? constructed.Definition : null;
    }

    public ImmutableArray<string> TypeArguments(string type) =>
        _declarations.Constructed.TryGetValue(type, out var named) ? [.. named.Arguments.Select(static (a, i) => "!" + i + "=" + a.EngineName)] : [];

    public static FrameworkWorld Load(IReadOnlyList<string> folders, World world)
    {
        foreach (string folder in folders)
            world.AddFolder(folder);
        var assemblies = new List<ManagedAssembly>();
        foreach (string file in folders.SelectMany(static f => Directory.EnumerateFiles(f, "*.dll")).Order(StringComparer.Ordinal))
        {
            try
            {
                var assembly = world.Find(Path.GetFileNameWithoutExtension(file));
                if (assembly is null || assemblies.Contains(assembly))
                    continue;
                assemblies.Add(assembly);
            }
            catch (BadAssemblyException)
            {
                // The native libraries of the runtime.
            }
        }
        foreach (var assembly in assemblies)
            assembly.SuffixInternal = true;
        Stage.Print("opened");
        var result = new FrameworkWorld(assemblies);
        result.Digest();
        return result;
    }

    void Digest()
    {
        var indexes = new ConcurrentDictionary<ManagedAssembly, Lazy<CodeIndex>>();
        CodeIndex Index(ManagedAssembly assembly) => indexes.GetOrAdd(assembly, static a => new Lazy<CodeIndex>(() => new CodeIndex(a))).Value;
        // The big ones first, in pieces, so that no core is idle at the end.
        var pieces = Assemblies.SelectMany(static a => a.Types.Chunk(64)).OrderByDescending(static c => c[0].Assembly.Md.MetadataLength).ToList();
        Parallel.ForEach(Partitioner.Create(pieces, EnumerablePartitionerOptions.NoBuffering), types =>
        {
            foreach (var type in types)
            {
                _types.TryAdd(type.DocName, type);
                foreach (var method in type.Methods)
                    Digest(method, Index);
            }
        });
    }

    void Digest(MethodNode method, Func<ManagedAssembly, CodeIndex> index)
    {
        if (!_methods.TryAdd(method.Id, method) || !method.HasBody)
            return;
        try
        {
            if (BodyLoader.Blocks(method, _declarations, index) is { } blocks)
                Digests[method.Id] = DigestReader.Read(method, blocks);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or InvalidCastException)
        {
            // Unknown: a body that cannot be read.
        }
    }
}
