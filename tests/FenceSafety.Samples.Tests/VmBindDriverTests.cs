using System.Text.RegularExpressions;
using FenceSafety.Package.Tests.Harness;

namespace FenceSafety.Samples.Tests;

/// <summary>samples/VmBindDriver maps what it says, as the hardware sees it, and is built with every rule as an error.</summary>
public sealed partial class VmBindDriverTests
{
    // What Program.cs does: 8 jobs of 2048 pages for each queue.
    private const string Pages = "16384";

    [Fact]
    public async Task It_maps_and_unmaps_what_it_says()
    {
        var run = (await DotNet.RunAsync(
            AppContext.BaseDirectory, AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "VmBindDriver.dll"))).Succeeded();
        string[] lines = run.Output.Split('\n');

        Assert.Equal(
            ["Ada, page tables V2", "Blackwell, page tables V3"],
            lines.Where(line => line.Contains("page tables", StringComparison.Ordinal)));
        var rows = lines.Select(line => Row().Match(line)).Where(row => row.Success).ToList();
        Assert.Equal(["contiguous", "scattered", "contiguous", "scattered"], rows.Select(row => row.Groups["queue"].Value));
        Assert.Equal(["2048", "4", "2048", "4"], rows.Select(row => row.Groups["size"].Value));
        Assert.All(rows, row =>
        {
            Assert.Equal("8", row.Groups["jobs"].Value);
            Assert.Equal(Pages, row.Groups["pages"].Value);
            Assert.Equal(Pages, row.Groups["seen"].Value);
            Assert.Equal(Pages, row.Groups["gone"].Value);
            Assert.Equal("0", row.Groups["heap"].Value);
        });
        var device = lines.Where(line => line.StartsWith("device: ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, device.Count);

        // 8 maps and 8 unmaps of each of 2 queues flush once each; trimming flushes once more.
        Assert.All(device, line => Assert.Contains(" 33 TLB invalidations; 0 bytes of video memory lost", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_is_an_error()
    {
        var errors = File.ReadLines(Repository.PathOf("samples", "VmBindDriver", ".globalconfig"))
            .Select(line => Severity().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        Assert.Equal(Enumerable.Range(1, 16).Select(number => $"FENCE{number:000}"), errors.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(
        @"^\| +(?<queue>[a-z]+) \| +(?<jobs>\d+) \| +(?<pages>\d+) \| +(?<seen>\d+) \| +(?<size>\d+) KiB "
        + @"\| +(?<gone>\d+) \| +\d+ \| +(?<heap>\d+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"^dotnet_diagnostic\.(FENCE\d{3})\.severity = error$")]
    private static partial Regex Severity();
}
