using System.Collections.Concurrent;
using System.Collections.Immutable;
using FenceSafety.Summaries.Bodies;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Framework;

/// <summary>All assemblies of a framework, with every body digested. Members are known by number: an assembly's after another's, as their metadata has them.</summary>
sealed class FrameworkWorld
{
    /// <summary>Types that one thread takes at a time.</summary>
    const int TypesInPiece = 64;

    readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, TypeNode> _types = new(StringComparer.Ordinal);
    readonly Declarations _declarations = new(FrameworkContracts.None, static _ => false);
    readonly List<MethodNode> _methods = [];
    readonly List<Digest?> _digests = [];

    FrameworkWorld(IReadOnlyList<ManagedAssembly> assemblies)
    {
        Assemblies = assemblies;
        var types = Digest();
        Hierarchy = new Hierarchy(types);
    }

    public IReadOnlyList<ManagedAssembly> Assemblies { get; }

    public Hierarchy Hierarchy { get; }

    public IReadOnlyList<MethodNode> Methods => _methods;

    /// <summary>By number; null: a member without a body, or with one that cannot be read.</summary>
    public IReadOnlyList<Digest?> Digests => _digests;

    public int Bodies { get; private set; }

    /// <summary>The number of a member, or -1.</summary>
    public int Number(string id) => _numbers.TryGetValue(id, out int number) ? number : -1;

    public MethodNode? Method(string id) => _numbers.TryGetValue(id, out int number) ? _methods[number] : null;

    public TypeNode? Type(string name)
    {
        if (_types.TryGetValue(name, out var type))
            return type;
        return _declarations.Constructed.TryGetValue(name, out var constructed) ? constructed.Definition : null;
    }

    public static FrameworkWorld Load(IReadOnlyList<string> folders, World world)
    {
        foreach (string folder in folders)
            world.AddFolder(folder);
        var assemblies = new List<ManagedAssembly>();
        foreach (string file in folders.SelectMany(static f => Directory.EnumerateFiles(f, "*.dll")).Order(StringComparer.Ordinal))
        {
            // Null: one of the native libraries of the runtime.
            if (world.Find(Path.GetFileNameWithoutExtension(file)) is { } assembly && !assemblies.Contains(assembly))
                assemblies.Add(assembly);
        }
        foreach (var assembly in assemblies)
            assembly.SuffixInternal = true;
        return new FrameworkWorld(assemblies);
    }

    /// <summary>The types.</summary>
    List<TypeNode> Digest()
    {
        var indexes = Assemblies.ToDictionary(static a => a, static a => new Lazy<CodeIndex>(() => new CodeIndex(a)));
        CodeIndex Index(ManagedAssembly assembly) => indexes[assembly].Value;
        var pieces = Assemblies.SelectMany(static a => a.Md.TypeDefinitions.Chunk(TypesInPiece).Select(types => (Assembly: a, Types: types))).ToArray();
        var read = new List<(TypeNode Type, Digest?[] Digests)>[pieces.Length];
        // The big assemblies first, so that no core is idle at the end; what they give is put together in the order of their names.
        var order = Enumerable.Range(0, pieces.Length).OrderByDescending(i => pieces[i].Assembly.Md.MetadataLength).ToArray();
        Parallel.ForEach(Partitioner.Create(order, EnumerablePartitionerOptions.NoBuffering), i =>
        {
            var (assembly, types) = pieces[i];
            read[i] = [.. types.Select(assembly.Type).Select(type => (type, Array.ConvertAll([.. type.Methods], m => Digest(m, Index))))];
        });
        var all = new List<TypeNode>();
        foreach (var (type, digests) in read.SelectMany(static r => r))
        {
            all.Add(type);
            _types.TryAdd(type.DocName, type);
            for (int i = 0; i < digests.Length; i++)
            {
                if (!_numbers.TryAdd(type.Methods[i].Id, _methods.Count))
                    continue;
                _methods.Add(type.Methods[i]);
                _digests.Add(digests[i]);
                Bodies += digests[i] is null ? 0 : 1;
            }
        }
        return all;
    }

    Digest? Digest(MethodNode method, Func<ManagedAssembly, CodeIndex> index)
    {
        // Others ask for it by its name.
        _ = method.Id;
        if (!method.HasBody)
            return null;
        try
        {
            return BodyLoader.Blocks(method, _declarations, index) is { } blocks ? DigestReader.Read(method, blocks) : null;
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or InvalidCastException)
        {
            // Unknown: a body that cannot be read.
            return null;
        }
    }
}
