namespace FenceSafety.Testing.State;

/// <summary>Files of one project, in order. A relative name is put below the project's folder.</summary>
public sealed class SourceFileList(string folder) : List<(string Path, string Content)>
{
    /// <summary>Adds a file with the next free name: Test0.cs, Test1.cs, ….</summary>
    public void Add(string content) => Add(("Test" + Count + ".cs", content));

    /// <summary>Adds a named file.</summary>
    public new void Add((string Path, string Content) file)
    {
        string path = Rooted(file.Path);
        if (Exists(f => f.Path == path))
        {
            throw new VerificationException($"The file {path} is in the project twice.");
        }

        base.Add((path, file.Content));
    }

    string Rooted(string path) => path.StartsWith('/') ? path : folder + path;
}
