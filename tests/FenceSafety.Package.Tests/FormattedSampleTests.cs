using System.Text.RegularExpressions;
using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>A copy of samples/BrokenDriver after <c>dotnet format analyzers</c>: fewer mistakes, none new, and the same work done.</summary>
[Collection(PackagedCollection.Name)]
public sealed partial class FormattedSampleTests(Workspace workspace)
{
    private static readonly string s_sample = Repository.PathOf("samples", "BrokenDriver");

    [Fact]
    public async Task Format_fixes_what_can_be_fixed_in_the_sample()
    {
        workspace.WriteProject("BrokenDriver", "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>" + Sources.Reference);
        foreach (var file in Directory.EnumerateFiles(s_sample, "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(s_sample, file).Replace('\\', '/');
            if (!path.StartsWith("bin/", StringComparison.Ordinal) && !path.StartsWith("obj/", StringComparison.Ordinal))
                workspace.Write("BrokenDriver/" + path, await File.ReadAllTextAsync(file));
        }

        var before = await ReportsAsync();
        var output = await workspace.DotNetAsync("run", "--project", "BrokenDriver", "--no-build");
        (await workspace.DotNetAsync("format", "analyzers", "BrokenDriver/BrokenDriver.csproj", "--severity", "warn", "--no-restore")).Succeeded();
        var after = await ReportsAsync();

        Assert.Equal(string.Join('\n', s_left), string.Join('\n', after));
        Assert.True(after.Length < before.Length, $"{before.Length} before, {after.Length} after");
        Assert.Equal(output.Succeeded().Output, (await workspace.DotNetAsync("run", "--project", "BrokenDriver", "--no-build")).Succeeded().Output);

        const string Fixed = "Mistakes/EvictionLists.cs";
        var readme = Readme.Load();
        Assert.Contains(Text(readme.Output($"before the fix, samples/BrokenDriver/{Fixed}")), ReadAll(Path.Combine(s_sample, Fixed)), StringComparison.Ordinal);
        Assert.Contains(Text(readme.Output("after the fix")), ReadAll(workspace.PathOf("BrokenDriver/" + Fixed)), StringComparison.Ordinal);
    }

    private static string Text(string[] lines) => string.Join('\n', lines) + "\n";

    private static string ReadAll(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    /// <summary>
    /// What is left needs a decision: where else to allocate or to wait, what a call that fails means, or another stage. The report of a lock
    /// (FENCE002) goes with the allocation under it.
    /// </summary>
    private static readonly string[] s_left =
    [
        "Memory/BuddyAllocator.cs FENCE004",
        "Mistakes/Dependencies.cs FENCE003",
        "Mistakes/FaultLog.cs FENCE006",
        "Mistakes/InstalledTables.cs FENCE011",
        "Mistakes/MappingSplitter.cs FENCE001",
        "Mistakes/MappingSplitter.cs FENCE001",
        "Mistakes/PageTableManager.cs FENCE002",
        "Mistakes/PageTableManager.cs FENCE004",
        "Mistakes/Remapper.cs FENCE002",
        "Mistakes/TransitiveLock/BufferObjectStore.cs FENCE004",
        "Mistakes/TransitiveLock/VaSpace.cs FENCE002",
    ];

    /// <summary>Files and rules.</summary>
    private async Task<string[]> ReportsAsync() =>
        [.. (await workspace.BuildAsync("BrokenDriver", "--no-incremental")).Succeeded().Output.Split('\n').Select(line => Report().Match(line.Trim()))
            .Where(match => match.Success).Select(match => match.Value).Distinct().Select(value => Place().Replace(value, " ")).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"(?<=/BrokenDriver/)[\w/]+\.cs\(\d+,\d+\): warning FENCE\d+")]
    private static partial Regex Report();

    [GeneratedRegex(@"\(\d+,\d+\): warning ")]
    private static partial Regex Place();
}
