using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Samples.Tests;

/// <summary>
/// samples/DeviceMemory: the wrong twin is warned of exactly what goes wrong when it runs, the right one of nothing, and nothing does.
/// </summary>
[Collection(SampleBuildsCollection.Name)]
public sealed class DeviceMemoryTests(SampleBuilds builds)
{
    [Fact]
    public void The_wrong_twin_is_warned_of_both_mistakes()
    {
        Assert.Equal(
            ["Wrong/FaultHandler.cs FENCE014", "Wrong/PageWalker.cs FENCE015"],
            builds.Wrong.Marks.Select(mark => $"{mark.File} {mark.Rule}").Order(StringComparer.Ordinal));
        builds.Wrong.ReportsItsMarks();
        Assert.All(builds.Wrong.Reports, report => Assert.Equal("warning", report.Level));
        Assert.Contains("    2 Warning(s)", builds.Wrong.Lines);
    }

    [Fact]
    public void The_right_twin_builds_without_a_warning_and_with_every_rule_as_an_error()
    {
        Assert.Empty(SampleBuild.Warnings(builds.Right.Lines));
        Assert.Contains("    0 Warning(s)", builds.Right.Lines);
        Assert.Equal(
            File.ReadLines(Repository.PathOf("samples", "VmBindDriver", ".globalconfig")).Skip(1),
            File.ReadLines(Repository.PathOf("samples", "DeviceMemory", "Right", ".globalconfig")).Skip(1));
    }

    [Fact]
    public async Task What_the_reports_say_happens_in_the_wrong_twin() => Assert.Equal(
        ["8 pages seen, 1 leaves taken for tables", "2 pages locked, 1 of them free by then"],
        await RunAsync(builds.Wrong));

    [Fact]
    public async Task Nothing_of_it_happens_in_the_right_twin() => Assert.Equal(
        ["16 pages seen, 0 leaves taken for tables", "2 pages locked, 0 of them free by then"],
        await RunAsync(builds.Right));

    [Fact]
    public void The_readme_names_both_marks() => Assert.All(
        builds.Wrong.Marks,
        mark => Assert.Contains($"| {mark.Rule} |", File.ReadAllText(Path.Combine(builds.Wrong.Sample, "README.md")), StringComparison.Ordinal));

    private static async Task<string[]> RunAsync(SampleBuild build) =>
        (await build.RunProgramAsync()).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
