using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Samples.Tests;

/// <summary>
/// One build of a sample, as a user does it from a clean clone: with everything that it needs, restored and built into a folder outside
/// the repository, so that it does not collide with other builds of it.
/// </summary>
/// <param name="folder">The sample's folder, below samples.</param>
/// <param name="project">The folder of its project, the same or one below it.</param>
/// <param name="assembly">The name of the project, its assembly and its SARIF log.</param>
internal sealed class SampleBuild(string artifacts, string folder, string project, string assembly)
{
    private CommandResult? _result;

    public string Sample { get; } = Repository.PathOf("samples", folder);

    /// <summary>What the build printed, line by line.</summary>
    public string[] Lines => [.. _result!.Output.Split('\n').Select(line => line.TrimEnd())];

    /// <summary>What the build reported, by its SARIF log; empty for a project that writes none.</summary>
    public List<Report> Reports { get; private set; } = [];

    public List<Report> Marks => Report.Marks(Sample);

    /// <summary>The warnings among these lines, sorted.</summary>
    public static string[] Warnings(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.Contains(": warning ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public async Task BuildAsync()
    {
        _result = await RunAsync("build", $"samples/{project}", "--no-incremental", "-nologo", "--artifacts-path", artifacts);
        _result.Succeeded();
        string log = Path.Combine(artifacts, "obj", assembly, assembly + ".sarif");
        if (File.Exists(log))
            Reports = Report.Read(Sample, log);
    }

    public Task<CommandResult> RunProgramAsync() => RunAsync(Path.Combine(artifacts, "bin", assembly, "debug", assembly + ".dll"));

    /// <summary>Fails the test unless each mark in the source is reported exactly once, and nothing else is.</summary>
    public void ReportsItsMarks()
    {
        var missing = Marks.Select(mark => mark.Place).ToList();
        var superfluous = Reports.Where(report => !missing.Remove(report.Place)).ToList();
        Assert.True(
            missing.Count + superfluous.Count == 0,
            $"marked, but not reported:\n{string.Join('\n', missing)}\nreported, but not marked, or more often than marked:\n{string.Join('\n', superfluous)}");
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) => DotNet.RunAsync(
        Repository.Root,
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        arguments);
}
