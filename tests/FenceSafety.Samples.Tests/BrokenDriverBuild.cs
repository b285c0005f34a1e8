using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Samples.Tests;

/// <summary>
/// One build of samples/BrokenDriver, as a user does it from a clean clone: with everything that it needs, restored and built into a folder
/// of its own, so that it does not collide with other builds of the repository.
/// </summary>
public sealed class BrokenDriverBuild : IAsyncLifetime
{
    private readonly string _artifacts = Directory.CreateTempSubdirectory("fence-safety-samples-").FullName;
    private CommandResult? _result;

    internal static string Sample { get; } = Repository.PathOf("samples", "BrokenDriver");

    /// <summary>What the build printed, line by line.</summary>
    internal string[] Lines => [.. _result!.Output.Split('\n').Select(line => line.TrimEnd())];

    internal List<Report> Reports { get; private set; } = [];

    internal static List<Report> Marks { get; } = Report.Marks(Sample);

    public async Task InitializeAsync()
    {
        _result = await RunAsync("build", "samples/BrokenDriver", "--no-incremental", "-nologo", "--artifacts-path", _artifacts);
        _result.Succeeded();
        Reports = Report.Read(Sample, Path.Combine(_artifacts, "obj", "BrokenDriver", "BrokenDriver.sarif"));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_artifacts, recursive: true);
        return Task.CompletedTask;
    }

    internal Task<CommandResult> RunProgramAsync() =>
        RunAsync(Path.Combine(_artifacts, "bin", "BrokenDriver", "debug", "BrokenDriver.dll"));

    private static Task<CommandResult> RunAsync(params string[] arguments) => DotNet.RunAsync(
        Repository.Root,
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        arguments);
}
