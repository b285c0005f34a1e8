using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Package.Tests;

/// <summary>FenceSafetyMode: each mode changes what a fresh project is told, and only that.</summary>
[Collection(PackagedCollection.Name)]
public sealed class ModeTests(Workspace workspace)
{
    /// <summary>One line for each difference between the modes, and one that every mode reports.</summary>
    private const string Source = """
        using FenceSafety;

        namespace Modes;

        public sealed class Driver
        {
            private readonly object _a = new(), _b = new(), _pool = new();
            private object? _node;

            [FenceCritical]
            public void Run(Action step)
            {
                PageAllocator.Allocate(); // FENCE001: always
                step(); // FENCE008: strict
                lock (_pool) { } // FENCE002: realtime
            }

            public void Refill()
            {
                lock (_pool)
                    _node = new object(); // FENCE004: realtime
            }

            public void Grow() => PageAllocator.Allocate(); // FENCE012, at the name: strict

            public void There()
            {
                lock (_a)
                    lock (_b) { } // FENCE005: not critical-only
            }

            public void Back()
            {
                lock (_b)
                    lock (_a) { } // FENCE005: not critical-only
            }
        }

        public static class PageAllocator
        {
            [MayAllocate]
            public static void Allocate() { }
        }
        """;

    [Theory]
    [InlineData("default", "FENCE001(13) FENCE005(29) FENCE005(35)")]
    [InlineData("strict", "FENCE001(13) FENCE008(14) FENCE012(24) FENCE005(29) FENCE005(35)")]
    [InlineData("realtime", "FENCE001(13) FENCE002(15) FENCE004(21) FENCE005(29) FENCE005(35)")]
    [InlineData("critical-only", "FENCE001(13)")]
    [InlineData(" Critical-Only ", "FENCE001(13)")]
    public async Task Mode_decides_what_is_reported(string mode, string expected)
    {
        var build = await BuildAsync("Mode", $"<FenceSafetyMode>{mode}</FenceSafetyMode>");

        Assert.Equal(expected, Warnings(build));
        Assert.Empty(build.Reports("FENCE010"));
    }

    [Theory]
    [InlineData("paranoid")]
    [InlineData("strict;realtime")]
    [InlineData("../modes/strict")]
    public async Task Mode_that_does_not_exist_is_named_with_those_that_do(string mode)
    {
        var build = await BuildAsync("ModeUnknown", $"<FenceSafetyMode>{mode}</FenceSafetyMode>");

        Assert.Contains(
            $"warning FENCE010: FenceSafetyMode cannot be '{mode}': it is one of default, strict, realtime, critical-only",
            Assert.Single(build.Reports("FENCE010")),
            StringComparison.Ordinal);
        Assert.Equal("FENCE001(13) FENCE005(29) FENCE005(35)", Warnings(build));
    }

    [Fact]
    public async Task What_the_project_says_itself_counts_more_than_the_mode()
    {
        workspace.Write("ModeOverridden/.editorconfig", "[*.cs]\ndotnet_diagnostic.FENCE008.severity = none\n");
        workspace.Write("ModeOverridden/.globalconfig", "is_global = true\ndotnet_diagnostic.FENCE012.severity = none\n");

        var strict = await BuildAsync("ModeOverridden", "<FenceSafetyMode>strict</FenceSafetyMode>");
        var realtime = await BuildAsync(
            "ModeOverridden", "<FenceSafetyMode>realtime</FenceSafetyMode><FenceSafetyManagedAllocations>report</FenceSafetyManagedAllocations>");

        Assert.Equal("FENCE001(13) FENCE005(29) FENCE005(35)", Warnings(strict));
        Assert.Equal("FENCE001(13) FENCE005(29) FENCE005(35)", Warnings(realtime));
    }

    [Fact]
    public async Task Another_mode_recompiles()
    {
        await BuildAsync("ModeChanged", "");

        var build = (await workspace.DotNetAsync("build", "ModeChanged", "-nologo", "--no-restore", "-p:FenceSafetyMode=critical-only")).Succeeded();

        Assert.Equal("FENCE001(13)", Warnings(build));
    }

    [Fact]
    public async Task Mode_means_nothing_where_the_analyzer_does_not_run()
    {
        workspace.WriteProject("ModeInert", "<PropertyGroup><FenceSafetyMode>paranoid</FenceSafetyMode></PropertyGroup>");

        (await workspace.BuildAsync("ModeInert")).Succeeded().ReportsNothing();
    }

    private async Task<CommandResult> BuildAsync(string project, string properties)
    {
        workspace.WriteProject(project, $"<PropertyGroup>{properties}</PropertyGroup>" + Sources.Reference);
        workspace.Write($"{project}/Driver.cs", Source);
        return (await workspace.BuildAsync(project)).Succeeded();
    }

    /// <summary>Rule and line of each warning about the source, in the order of lines.</summary>
    private static string Warnings(CommandResult build) => string.Join(' ',
        from line in build.Output.Split('\n').Select(line => line.Trim()).Distinct()
        let match = System.Text.RegularExpressions.Regex.Match(line, @"Driver\.cs\((\d+),\d+\): warning (FENCE\d+):")
        where match.Success
        orderby int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
        select $"{match.Groups[2].Value}({match.Groups[1].Value})");
}
