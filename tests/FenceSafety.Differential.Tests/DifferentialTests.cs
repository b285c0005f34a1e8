using System.Globalization;
using FenceSafety.Core;
using FenceSafety.Differential.Tests.Checking;
using FenceSafety.Differential.Tests.Generation;
using FenceSafety.Differential.Tests.Power;
using Xunit.Abstractions;

namespace FenceSafety.Differential.Tests;

/// <summary>
/// Random programs are analysed, and executed under the runtime's lockdep and an oracle of the other rules, on many streams of decisions:
/// whatever happens must have been reported, by its own rule and at its place.
/// </summary>
[Collection(nameof(Campaign))]
public sealed class DifferentialTests(Campaign campaign, ITestOutputHelper output)
{
    /// <summary>Not among them: FENCE010, which is about declarations and never happens.</summary>
    private static readonly string[] s_rules =
    [
        "FENCE001", "FENCE002", "FENCE003", "FENCE004", "FENCE005", "FENCE006", "FENCE007", "FENCE008", "FENCE009", "FENCE011", "FENCE012",
        "FENCE013", "FENCE014", "FENCE015", "FENCE016",
    ];

    [Fact]
    public void Everything_that_happens_is_reported()
    {
        var misses = campaign.All.SelectMany(p => p.Misses(p.Reports)).ToList();
        foreach (Miss miss in misses.DistinctBy(m => m.Program.Name + m.Violation.Rule).Take(10))
        {
            output.WriteLine($"{miss.Program.Name}: {miss.Violation}\n{miss.Program}");
            output.WriteLine(string.Join('\n', campaign.All.Single(p => p.Program == miss.Program).Reports.Select(r => r.ToString())) + "\n");
        }

        Assert.Empty(misses.Select(m => $"{m.Program.Name}: {m.Violation}"));
    }

    /// <summary>Of a library, its application sees the summary of its IL, and nothing else.</summary>
    [Fact]
    public void Everything_that_happens_is_reported_of_an_application_and_a_library()
    {
        var split = campaign.All.Where(p => p.SplitReports is not null).ToList();
        var misses = split.SelectMany(p => p.SplitMisses(p.SplitReports!)).ToList();
        foreach (Miss miss in misses.DistinctBy(m => m.Program.Name + m.Violation.Rule).Take(10))
        {
            output.WriteLine($"{miss.Program.Name}: {miss.Violation}\n{miss.Program}");
            output.WriteLine(string.Join('\n', split.Single(p => p.Program == miss.Program).SplitReports!.Select(r => r.ToString())) + "\n");
        }

        var confirmed = split.SelectMany(p => p.Violations).CountBy(v => v.Rule).OrderBy(c => c.Key);
        output.WriteLine($"{split.Count} programs as two assemblies: {string.Join(", ", confirmed.Select(c => $"{c.Key} {c.Value}"))}");
        Assert.Empty(misses.Select(m => $"{m.Program.Name}: {m.Violation}"));
        Assert.Equal([], s_rules.Except(confirmed.Select(c => c.Key)));
    }

    [Fact]
    public void Every_rule_is_confirmed()
    {
        var confirmed = campaign.All.SelectMany(p => p.Confirmed).CountBy(v => v.Rule).ToDictionary();
        var unconfirmed = campaign.All.SelectMany(p => p.Unconfirmed).CountBy(r => r.Rule).ToDictionary();
        int reports = campaign.All.Sum(p => p.Reports.Count);
        foreach (string rule in s_rules)
            output.WriteLine($"{rule}  confirmed {confirmed.GetValueOrDefault(rule),6}   reported but never seen to happen {unconfirmed.GetValueOrDefault(rule),6}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{campaign.All.Count()} programs, {reports} reports, never seen to happen: {unconfirmed.Values.Sum() * 100.0 / reports:0.0} %"));
        Assert.Equal([], s_rules.Except(confirmed.Keys));
        // Whatever else is reported would be about the programs' vocabulary.
        Assert.Equal([], unconfirmed.Keys.Except(s_rules));
    }

    [Fact]
    public void Every_feature_is_confirmed()
    {
        var confirmed = campaign.All.SelectMany(p => p.Confirmed).SelectMany(v => v.Features).CountBy(f => f).ToDictionary();
        // What vouches, and what options leave out, is there to be left alone: see the next test.
        string[] silent = [ProgramGenerator.Trusted];
        string[] options = ["option: managed allocations block", "option: throw paths count", "option: rules on annotated paths"];
        var features = campaign.All.SelectMany(p => p.Program.Features).SelectMany(f => f).Concat(options).Distinct().Except(silent).Order(StringComparer.Ordinal).ToList();
        foreach (string feature in features)
            output.WriteLine($"{confirmed.GetValueOrDefault(feature),6}  {feature}");
        Assert.Equal([], features.Except(confirmed.Keys));
    }

    /// <summary>False alarms that can be proved: an option, or an annotation file, says that there is nothing.</summary>
    [Fact]
    public void What_options_and_files_leave_out_is_not_reported()
    {
        var wrong = new List<string>();
        int[] alone = new int[5];
        foreach (Judged program in campaign.All)
        {
            foreach (Report report in program.Reports.Concat(program.SplitReports ?? []))
            {
                string[] features = program.Program.Features[report.Line - 1];
                bool[] leftOut =
                [
                    features.Contains(ProgramGenerator.Trusted) && report.Rule is "FENCE008" or "FENCE001" or "FENCE003" or "FENCE011",
                    !program.Mode.ThrowPathsCount && features.Contains(ProgramGenerator.ThrowPath),
                    !program.Mode.ManagedCounts && report.Rule == "FENCE011",
                    !program.Mode.GrowthCounts && features.Contains(ProgramGenerator.Growth),
                    !program.Mode.UnknownCounts && report.Rule == "FENCE008",
                ];
                if (leftOut.Contains(true))
                    wrong.Add(report.ToString());
            }

            foreach (string feature in program.Program.Features.Where((_, i) => program.Executed.Lines.Contains(i + 1)).SelectMany(f => f))
            {
                alone[0] += feature == ProgramGenerator.Trusted ? 1 : 0;
                alone[1] += !program.Mode.ThrowPathsCount && feature == ProgramGenerator.ThrowPath ? 1 : 0;
                alone[2] += !program.Mode.ManagedCounts && feature.StartsWith("managed: ", StringComparison.Ordinal) ? 1 : 0;
                alone[3] += !program.Mode.GrowthCounts && feature == ProgramGenerator.Growth ? 1 : 0;
            }
        }

        // What cannot be known does not happen: where the option does not leave it out, it is reported.
        var ignores = new Defect("") { Options = o => o with { UnknownCalls = UnknownCalls.Ignore } };
        wrong.AddRange(campaign.Batches.SelectMany(b => b.FrontEnd.Run(ignores)).Where(r => r.Rule == "FENCE008").Select(r => r.ToString()));
        alone[4] = campaign.All.Sum(p => p.Reports.Count(r => r.Rule == "FENCE008"));

        output.WriteLine($"lines that ran and are left alone: {string.Join(", ", alone)}");
        Assert.DoesNotContain(0, alone);
        Assert.Empty(wrong);
    }

    /// <summary>Lockdep names the edge that closed the cycle; the rules have other ends of the same cycle reported as well.</summary>
    [Fact]
    public void What_lockdep_reports_is_reported()
    {
        int reports = 0;
        var missing = new List<string>();
        foreach (Judged program in campaign.All)
        {
            foreach (var report in program.Executed.Lockdep)
            {
                reports++;
                // One more lock that is held at each end excuses a cycle; options leave some out.
                if (!program.Mode.ReclaimWaits || program.Mode.IsCriticalOnly)
                    continue;
                // What a critical callee takes under a spin lock of its caller's is its own affair.
                if (report.Rule is "FENCE005" or "FENCE006" && !program.Violations.Any(v => v.Rule == report.Rule))
                    continue;
                string[] answers = report.Rule switch
                {
                    // What reclaim itself does under its own lock is reported there, by FENCE007.
                    "FENCE002" or "FENCE004" => ["FENCE001", "FENCE002", "FENCE003", "FENCE004", "FENCE007", "FENCE009"],
                    // A critical callee answers for itself.
                    "FENCE007" => ["FENCE001", "FENCE004", "FENCE007"],
                    "FENCE001" or "FENCE003" => [report.Rule, "FENCE009"],
                    // A critical callee answers for what it does under the locks of its callers.
                    "FENCE006" => ["FENCE001", "FENCE003", "FENCE006", "FENCE009"],
                    _ => [report.Rule],
                };
                if (!program.Reports.Any(r => answers.Contains(r.Rule) || r.Rule == "FENCE008"))
                    missing.Add($"{program.Program.Name}: {report.Rule} {report.Path}");
            }
        }

        output.WriteLine($"{reports} reports of lockdep");
        Assert.NotEqual(0, reports);
        Assert.Empty(missing);
    }

    /// <summary>Static analysis pays for what runs do not show: this says for what.</summary>
    [Fact]
    public void What_is_never_seen_to_happen_has_a_reason()
    {
        var reasons = campaign.All.SelectMany(p => p.Unconfirmed.Select(r => (r.Rule, Reason: Unconfirmed.Reason(p, r)))).ToList();
        int reports = campaign.All.Sum(p => p.Reports.Count);
        foreach (var reason in reasons.GroupBy(r => r.Reason).OrderByDescending(g => g.Count()))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reason.Count(),6}  {reason.Count() * 100.0 / reports,4:0.0} %  {reason.Key}: ")
                + string.Join(", ", reason.CountBy(r => r.Rule).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}")));
        }

        Assert.All(campaign.All, p => Assert.All(p.Executed.Lines, line => Assert.InRange(line, 1, p.Program.Features.Count)));
    }

    [Fact]
    public void What_is_never_seen_to_happen_is_shown()
    {
        foreach (var rule in campaign.All.SelectMany(p => p.Unconfirmed.Select(r => (Report: r, p.Program))).GroupBy(u => u.Report.Rule).OrderBy(g => g.Key))
        {
            foreach (var (report, program) in rule.Take(12))
                output.WriteLine($"{report}   [{program.Analysed.Split('\n')[report.Line - 1].Trim()}]");
        }

        Assert.All(campaign.All, p => Assert.All(p.Reports, r => Assert.InRange(r.Line, 1, p.Program.Features.Count)));
    }
}
