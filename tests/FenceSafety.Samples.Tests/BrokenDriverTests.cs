namespace FenceSafety.Samples.Tests;

/// <summary>samples/BrokenDriver makes the marked mistakes, and no others; each is reported, once.</summary>
[Collection(SampleBuildsCollection.Name)]
public sealed class BrokenDriverTests(SampleBuilds builds)
{
    private readonly SampleBuild _build = builds.BrokenDriver;

    [Fact]
    public void Each_rule_of_the_seeds_has_a_mistake() => Assert.Equal(
        ["FENCE001", "FENCE002", "FENCE003", "FENCE004", "FENCE005", "FENCE006", "FENCE011"],
        _build.Marks.Select(mark => mark.Rule).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Each_mistake_is_reported_once_and_nothing_else_is() => _build.ReportsItsMarks();

    [Fact]
    public void Each_report_is_a_warning_with_a_chain() => Assert.All(_build.Reports, report =>
    {
        Assert.Equal("warning", report.Level);
        Assert.Contains(" → ", report.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void The_build_prints_each_warning_once_and_once_more_in_its_summary()
    {
        int summary = Array.IndexOf(_build.Lines, "Build succeeded.");
        Assert.NotEqual(-1, summary);
        Assert.Equal(SampleBuild.Warnings(_build.Lines[..summary]), SampleBuild.Warnings(_build.Lines[summary..]));
        Assert.Equal(_build.Marks.Count, SampleBuild.Warnings(_build.Lines[..summary]).Length);
        Assert.Contains($"    {_build.Marks.Count} Warning(s)", _build.Lines);
    }

    [Fact]
    public async Task The_program_does_its_work_in_spite_of_them()
    {
        var run = (await _build.RunProgramAsync()).Succeeded();
        Assert.Contains("32 pages mapped through 3 page tables, 4 TLB flushes", run.Output, StringComparison.Ordinal);
    }
}
