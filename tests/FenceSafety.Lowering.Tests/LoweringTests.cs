using Microsoft.CodeAnalysis;

namespace FenceSafety.Lowering.Tests;

/// <summary>
/// What FENCE011 says of a construct, against the bytes that the runtime counts when it is run. Where they differ, the table names the
/// policy.
/// </summary>
public sealed class LoweringTests(LoweringProgram program) : IClassFixture<LoweringProgram>
{
    private static readonly Dictionary<string, LoweringRow> Table = LoweringRow.Read().ToDictionary(row => row.Name);

    public static TheoryData<string> Rows => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_analyzer_says_what_the_table_says(string name)
    {
        var reports = program.Reports(name);
        Assert.Equal(Table[name].Kinds, reports.Where(d => d.Id == "FENCE011").Select(Kind).Distinct().Order(StringComparer.Ordinal));

        // An await is a wait besides.
        Assert.DoesNotContain(reports, d => d.Id is not ("FENCE011" or "FENCE003"));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_runtime_counts_what_the_table_says(string name)
    {
        var (first, bytes) = program.Measure(name);
        switch (Table[name].Measured)
        {
            case Measured.Allocates:
                Assert.All(bytes, b => Assert.NotEqual(0, b));
                break;
            case Measured.Sometimes:
                Assert.Contains(bytes, b => b > 0);
                Assert.Contains(bytes, b => b == 0);
                break;
            case Measured.Once or Measured.Cached:
                Assert.NotEqual(0, first);
                Assert.All(bytes, b => Assert.Equal(0, b));
                break;
            default:
                Assert.All(bytes, b => Assert.Equal(0, b));
                break;
        }
    }

    /// <summary>A row is reported if and only if it allocates, but for the policies that the table explains.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Reported_is_what_allocates(string name)
    {
        bool reported = Table[name].Measured is not (Measured.Nothing or Measured.Cached);
        Assert.Equal(reported, Table[name].Kinds.Count > 0);
    }

    [Fact]
    public void The_table_covers_every_kind_in_both_directions()
    {
        string[] groups = [.. Table.Keys.Select(name => name[..name.IndexOf('/', StringComparison.Ordinal)]).Distinct()];
        Assert.All(groups, group =>
        {
            var measured = Table.Values.Where(row => row.Name.StartsWith(group + "/", StringComparison.Ordinal)).Select(row => row.Kinds.Count > 0).ToList();
            Assert.Contains(true, measured);
            Assert.True(measured.Contains(false) || group is "iterator" or "query", $"{group} has no row that allocates nothing.");
        });
        Assert.Equal(
            ["array", "async", "boxing", "closure", "collection", "delegate", "enumerator", "expression", "growth", "iterator", "linq", "object", "string"],
            Table.Values.SelectMany(row => row.Kinds).Distinct().Order(StringComparer.Ordinal));
    }

    private static string Kind(Diagnostic report) => report.Properties["kind"]!;
}
