using System.Text.RegularExpressions;
using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Samples.Tests;

/// <summary>What the README files say about samples/BrokenDriver is what its build prints.</summary>
[Collection(SampleBuildsCollection.Name)]
public sealed partial class BrokenDriverReadmeTests(SampleBuilds builds)
{
    private readonly SampleBuild _build = builds.BrokenDriver;

    [Fact]
    public void The_table_of_the_sample_lists_the_reports_of_each_file()
    {
        var expected = _build.Marks.GroupBy(mark => mark.File)
            .Select(file => $"{file.Key} {string.Join(", ", file.Select(mark => mark.Rule).Order(StringComparer.Ordinal))}");
        var listed = File.ReadLines(Path.Combine(_build.Sample, "README.md"))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_excerpt_of_the_output_is_real()
    {
        var printed = _build.Lines.Select(line => Decoration().Replace(line.Replace(Repository.Root + "/", "", StringComparison.Ordinal), ""));
        var excerpt = Readme.Load().Output("output of samples/BrokenDriver");
        Assert.NotEmpty(excerpt);
        Assert.Subset(printed.ToHashSet(), excerpt.ToHashSet());
    }

    [GeneratedRegex(@"^\| \[([\w/]+\.cs)\]\(\1\) \| (FENCE[^|]*) \|")]
    private static partial Regex Row();

    /// <summary>The help link and the project, which end each line.</summary>
    [GeneratedRegex(@" \(https://\S+\) \[\S+\]$")]
    private static partial Regex Decoration();
}
