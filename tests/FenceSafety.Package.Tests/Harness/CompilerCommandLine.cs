namespace FenceSafety.Package.Tests.Harness;

/// <summary>What of FenceSafety a project hands to the compiler.</summary>
internal sealed class CompilerCommandLine(string projectFolder, IReadOnlyList<string> arguments)
{
    /// <summary>File names of our analyzer assemblies, sorted.</summary>
    public string[] Analyzers { get; } =
        [.. Values("/analyzer:", arguments).Select(Path.GetFileName).OfType<string>().Where(IsOurs).Order(StringComparer.Ordinal)];

    /// <summary>Additional files, as paths below the project with forward slashes, in the order of the command line.</summary>
    public string[] AdditionalFiles { get; } =
    [
        .. Values("/additionalfile:", arguments)
            .Select(file => Path.GetRelativePath(projectFolder, Path.Combine(projectFolder, file)).Replace('\\', '/')),
    ];

    /// <summary>Whether the attributes can be used.</summary>
    public bool HasAnnotations { get; } =
        Values("/reference:", arguments).Any(file => Path.GetFileName(file) == "FenceSafety.Annotations.dll");

    /// <summary>The MSBuild properties of FenceSafety that the analyzer can read, as lines <c>Name = value</c>.</summary>
    public string[] VisibleProperties { get; } =
    [
        .. Values("/analyzerconfig:", arguments)
            .Select(file => Path.Combine(projectFolder, file))
            .Where(file => file.EndsWith(".GeneratedMSBuildEditorConfig.editorconfig", StringComparison.Ordinal))
            .SelectMany(File.ReadAllLines)
            .Where(line => line.StartsWith("build_property.FenceSafety", StringComparison.Ordinal))
            .Select(line => line["build_property.".Length..].Trim()),
    ];

    private static bool IsOurs(string name) => name.StartsWith("FenceSafety.", StringComparison.Ordinal);

    private static IEnumerable<string> Values(string option, IEnumerable<string> arguments) =>
        from argument in arguments
        where argument.StartsWith(option, StringComparison.Ordinal)
        select argument[option.Length..].Trim('"');
}
