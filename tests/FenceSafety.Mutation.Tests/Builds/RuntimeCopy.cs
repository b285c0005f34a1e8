using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Mutation.Tests.Builds;

/// <summary>
/// The runtime's project outside the repository, with the properties that it inherits there and the analyzer that these tests were built
/// with: to be edited, and built as anybody builds it.
/// </summary>
public sealed class RuntimeCopy : IAsyncLifetime
{
    private const string Project = "FenceSafety.Runtime";
    private readonly string _root = Directory.CreateTempSubdirectory("fence-safety-mutation-").FullName;

    private string Folder => Path.Combine(_root, Project);

    public async Task InitializeAsync()
    {
        foreach (string name in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig" })
            File.Copy(Repository.PathOf(name), Path.Combine(_root, name));
        string source = Repository.PathOf("runtime", Project);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(source, file);
            if (relative.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj")
                continue;
            string target = Path.Combine(Folder, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        string project = await File.ReadAllTextAsync(Path.Combine(Folder, Project + ".csproj"));
        await File.WriteAllTextAsync(Path.Combine(Folder, Project + ".csproj"), UseBuiltAnalyzer(project));
        (await RunAsync("restore", Folder)).Succeeded();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Builds with one file edited.</summary>
    /// <param name="path">The file, in the project.</param>
    /// <param name="old">What is replaced: it occurs once.</param>
    /// <param name="replacement">What it is replaced by.</param>
    /// <param name="end">What takes the place of the file's last brace, if anything.</param>
    /// <returns>What the build said, and the line, from 1, that the edit begins on.</returns>
    internal async Task<(CommandResult Result, int Line)> BuildEditedAsync(string path, string old, string replacement, string? end = null)
    {
        string file = Path.Combine(Folder, path);
        string original = await File.ReadAllTextAsync(file);
        int at = original.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0 && original.IndexOf(old, at + 1, StringComparison.Ordinal) < 0, $"'{old}' is not in {path} just once.");
        try
        {
            string edited = original[..at] + replacement + original[(at + old.Length)..];
            await File.WriteAllTextAsync(file, end is null ? edited : edited[..edited.LastIndexOf('}')] + end);
            return (await RunAsync("build", Folder, "--no-restore", "-nologo"), original.AsSpan(0, at).Count('\n') + 1);
        }
        finally
        {
            await File.WriteAllTextAsync(file, original);
        }
    }

    /// <summary>Instead of the analyzer's projects, which lie elsewhere, what was built of them.</summary>
    private static string UseBuiltAnalyzer(string project)
    {
        var lines = project.Split('\n').ToList();
        Assert.Equal(3, lines.RemoveAll(line => line.Contains("<ProjectReference ", StringComparison.Ordinal)));
        lines.Insert(lines.FindIndex(line => line.Contains("<ItemGroup>", StringComparison.Ordinal)) + 1, $"""
                <Reference Include="{Built("FenceSafety.Annotations.dll")}" />
                <Analyzer Include="{Built("FenceSafety.Core.dll")}" />
                <Analyzer Include="{Built("FenceSafety.Analyzers.dll")}" />
            """);
        return string.Join('\n', lines);
    }

    private static string Built(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private Task<CommandResult> RunAsync(params string[] arguments) => DotNet.RunAsync(
        _root,
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        arguments);
}
