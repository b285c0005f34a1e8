using FenceSafety.Differential.Tests.Checking;
using FenceSafety.Differential.Tests.Power;
using Xunit.Abstractions;

namespace FenceSafety.Differential.Tests;

/// <summary>Were the analyzer wrong, would the programs show it? Each of its possible defects must make it miss something that happens.</summary>
[Collection(nameof(Campaign))]
public sealed class PowerTests(Campaign campaign, ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Defects.All.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_defect_is_found(string name)
    {
        Defect defect = Defects.All.Single(d => d.Name == name);
        foreach (JudgedBatch batch in campaign.Batches)
        {
            var reports = defect.IsAcrossAssemblies ? batch.Split.With(defect) : batch.FrontEnd.Run(defect).ToLookup(r => r.File);
            Miss? miss = batch.Programs.SelectMany(p => !defect.IsAcrossAssemblies ? p.Misses([.. reports[p.Program.File]])
                : p.SplitReports is null ? [] : p.SplitMisses([.. reports[p.Program.File]])).FirstOrDefault();
            if (miss is null)
                continue;
            output.WriteLine($"{miss.Program.Name}: {miss.Violation}");
            return;
        }

        Assert.Fail($"No program shows it if {name}: the generator is too weak.");
    }

    /// <summary>The front end that defects are put behind is the analyzer's, and misses nothing without one.</summary>
    [Fact]
    public void Without_a_defect_the_analyzer_taken_apart_says_what_the_analyzer_says()
    {
        foreach (JudgedBatch batch in campaign.Batches)
        {
            var whole = batch.Programs.SelectMany(p => p.Reports).Select(r => r.ToString());
            var apart = batch.FrontEnd.Run(null).Select(r => r.ToString());
            Assert.Equal(whole.Order(StringComparer.Ordinal), apart.Order(StringComparer.Ordinal));

            var split = batch.Split.Reports.SelectMany(r => r).Select(r => r.ToString());
            var splitApart = batch.Split.With(null).SelectMany(r => r).Select(r => r.ToString());
            Assert.Equal(split.Order(StringComparer.Ordinal), splitApart.Order(StringComparer.Ordinal));
        }
    }
}
