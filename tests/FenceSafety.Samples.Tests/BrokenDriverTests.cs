namespace FenceSafety.Samples.Tests;

/// <summary>samples/BrokenDriver makes the marked mistakes, and no others; each is reported, once.</summary>
[Collection(BrokenDriverCollection.Name)]
public sealed class BrokenDriverTests(BrokenDriverBuild build)
{
    [Fact]
    public void Each_rule_of_the_seeds_has_a_mistake() => Assert.Equal(
        ["FENCE001", "FENCE002", "FENCE003", "FENCE004", "FENCE005", "FENCE006", "FENCE011"],
        BrokenDriverBuild.Marks.Select(mark => mark.Rule).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Each_mistake_is_reported_once_and_nothing_else_is()
    {
        var missing = BrokenDriverBuild.Marks.Select(mark => mark.Place).ToList();
        var superfluous = build.Reports.Where(report => !missing.Remove(report.Place)).ToList();
        Assert.True(
            missing.Count + superfluous.Count == 0,
            $"marked, but not reported:\n{string.Join('\n', missing)}\nreported, but not marked, or more often than marked:\n{string.Join('\n', superfluous)}");
    }

    [Fact]
    public void Each_report_is_a_warning_with_a_chain() => Assert.All(build.Reports, report =>
    {
        Assert.Equal("warning", report.Level);
        Assert.Contains(" → ", report.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void The_build_prints_each_warning_once_and_once_more_in_its_summary()
    {
        int summary = Array.IndexOf(build.Lines, "Build succeeded.");
        Assert.NotEqual(-1, summary);
        Assert.Equal(Warnings(build.Lines[..summary]), Warnings(build.Lines[summary..]));
        Assert.Equal(BrokenDriverBuild.Marks.Count, Warnings(build.Lines[..summary]).Length);
        Assert.Contains($"    {BrokenDriverBuild.Marks.Count} Warning(s)", build.Lines);
    }

    [Fact]
    public async Task The_program_does_its_work_in_spite_of_them()
    {
        var run = (await build.RunProgramAsync()).Succeeded();
        Assert.Contains("32 pages mapped through 3 page tables, 4 TLB flushes", run.Output, StringComparison.Ordinal);
    }

    private static string[] Warnings(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.Contains(": warning ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
