using System.Text.Json;

namespace FenceSafety.Package.Tests.Harness;

/// <summary>
/// A folder outside the repository, as a user's own: the two packages, freshly packed, in a local feed, and a package cache of its own,
/// so that no earlier version of them can be picked up.
/// </summary>
public sealed class Workspace : IAsyncLifetime
{
    /// <summary>A version that no public feed has.</summary>
    public const string Version = "0.0.65534";

    private readonly string _root = Directory.CreateTempSubdirectory("fence-safety-package-").FullName;

    public string Feed => Path.Combine(_root, "feed");

    internal string PackageCache => Path.Combine(_root, "cache");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Feed);
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="fence-safety-packages-under-test" value="{Feed}" />
              </packageSources>
            </configuration>
            """);

        // The search for these files ends here, whatever lies above the temporary folder.
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            Write(name, "<Project />");
        Write(".editorconfig", "root = true\n");
        File.Copy(Repository.PathOf("global.json"), Path.Combine(_root, "global.json"));

        // --no-build: other test projects may be running from the same output folders.
        var pack = await DotNet.RunAsync(
            Repository.Root,
            Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? DefaultPackageCache,
            "pack",
            Repository.PathOf("analyzers", "FenceSafety.Package"),
            "--no-build",
            "--configuration",
            Repository.Configuration,
            "--output",
            Feed,
            $"-p:PackageVersion={Version}");
        pack.Succeeded();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Writes a file, given by its path below the workspace.</summary>
    public void Write(string path, string content)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    public void Delete(string path) => File.Delete(Path.Combine(_root, path));

    public string PathOf(string path) => Path.Combine(_root, path);

    /// <summary>Writes a project: its folder, and what its file holds besides the target framework.</summary>
    public void WriteProject(string folder, string content) => Write($"{folder}/{Path.GetFileName(folder)}.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          {content}
        </Project>
        """);

    internal Task<CommandResult> DotNetAsync(params string[] arguments) => DotNet.RunAsync(_root, PackageCache, arguments);

    internal Task<CommandResult> BuildAsync(string project, params string[] properties) =>
        DotNetAsync(["build", project, "-nologo", .. properties]);

    /// <summary>
    /// The command line of the compiler, found as an IDE finds it: in a design-time build, which does not run the compiler.
    /// </summary>
    internal async Task<CompilerCommandLine> CompilerCommandLineAsync(string project, params string[] properties)
    {
        (await DotNetAsync("restore", project)).Succeeded();
        var result = await DotNetAsync(
            [
                "msbuild", project, "-nologo", "-t:Compile", "-getItem:CscCommandLineArgs",
                "-p:DesignTimeBuild=true", "-p:BuildProjectReferences=false", "-p:SkipCompilerExecution=true",
                "-p:ProvideCommandLineArgs=true", "-p:NonExistentFile=none", .. properties,
            ]);
        using var answer = JsonDocument.Parse(result.Succeeded().Output);
        var arguments = answer.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)
            .ToList();
        Assert.NotEmpty(arguments);
        return new CompilerCommandLine(PathOf(project), arguments);
    }

    private static string DefaultPackageCache =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
