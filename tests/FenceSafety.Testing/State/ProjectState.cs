using Microsoft.CodeAnalysis;

namespace FenceSafety.Testing.State;

/// <summary>One project of a test: its files, and what it references.</summary>
public class ProjectState
{
    /// <summary>Creates an empty project whose files are below <paramref name="folder"/>.</summary>
    public ProjectState(string name, string folder)
    {
        Name = name;
        Sources = new SourceFileList(folder);
        AdditionalFiles = new SourceFileList(folder);
        AnalyzerConfigFiles = new SourceFileList(folder);
    }

    /// <summary>The name of the project and its assembly.</summary>
    public string Name { get; }

    /// <summary>C# files, with markup.</summary>
    public SourceFileList Sources { get; }

    /// <summary>Additional files, such as annotation files, with markup.</summary>
    public SourceFileList AdditionalFiles { get; }

    /// <summary>Files named .editorconfig or .globalconfig.</summary>
    public SourceFileList AnalyzerConfigFiles { get; }

    /// <summary>Names of the projects that this one references.</summary>
    public List<string> AdditionalProjectReferences { get; } = [];

    /// <summary>Library, or application with top-level statements.</summary>
    public OutputKind OutputKind { get; set; } = OutputKind.DynamicallyLinkedLibrary;
}
