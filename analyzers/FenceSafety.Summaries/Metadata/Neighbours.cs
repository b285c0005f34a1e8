using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FenceSafety.Summaries.Metadata;

/// <summary>
/// Builds that do not copy references leave each assembly in a folder of its own, side by side: the two folders above an assembly's own,
/// and the folders in them, are looked through for references that are nowhere else.
/// </summary>
sealed class Neighbours(string folder)
{
    const int Levels = 2;

    /// <summary>Of more folders than this side by side none is looked into.</summary>
    const int MaxFolders = 256;

    readonly List<string> _found = [];
    IReadOnlyList<string>? _folders;

    /// <summary>The files that were taken.</summary>
    public IReadOnlyList<string> Found => _found;

    /// <summary>The one assembly of this name; null if there is none, or if there are different ones.</summary>
    public string? Find(string name)
    {
        string? first = null;
        Guid? mvid = null;
        foreach (string place in _folders ??= Folders())
        {
            string file = Path.Combine(place, name + ".dll");
            if (!File.Exists(file) || Mvid(file) is not { } id)
                continue;
            if (mvid is { } other && other != id)
                return null;
            (first, mvid) = (first ?? file, id);
        }
        if (first is not null)
            _found.Add(first);
        return first;
    }

    List<string> Folders()
    {
        var result = new List<string>();
        var above = Directory.GetParent(folder);
        for (int i = 0; i < Levels && above is not null; i++, above = above.Parent)
        {
            result.Add(above.FullName);
            try
            {
                var beside = above.GetDirectories();
                if (beside.Length <= MaxFolders)
                    result.AddRange(beside.Select(static d => d.FullName).Where(d => d != folder).Order(StringComparer.Ordinal));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nothing to be found there.
            }
        }
        return result;
    }

    static Guid? Mvid(string file)
    {
        try
        {
            using var reader = new PEReader(File.OpenRead(file));
            if (!reader.HasMetadata)
                return null;
            var md = reader.GetMetadataReader();
            return md.GetGuid(md.GetModuleDefinition().Mvid);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
