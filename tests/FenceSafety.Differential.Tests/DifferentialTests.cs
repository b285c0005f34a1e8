using FenceSafety.Differential.Tests.Checking;
using FenceSafety.Differential.Tests.Execution;
using Xunit.Abstractions;

namespace FenceSafety.Differential.Tests;

public sealed class DifferentialTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Everything_that_happens_is_reported()
    {
        int batches = int.Parse(Environment.GetEnvironmentVariable("DIFF_BATCHES") ?? "2", System.Globalization.CultureInfo.InvariantCulture);
        int from = int.Parse(Environment.GetEnvironmentVariable("DIFF_FROM") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var rules = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var features = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var misses = new List<Miss>();
        var unconfirmed = new List<(Report, string)>();
        var log = new System.Text.StringBuilder();
        int total = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        long tGen = 0, tRun = 0, tAna = 0;
        for (int b = from; b < from + batches; b++)
        {
            long t0 = clock.ElapsedMilliseconds;
            var batch = new Batch(b, 20, 1000);
            long t1 = clock.ElapsedMilliseconds;
            var executed = batch.Execute(24);
            long t2 = clock.ElapsedMilliseconds;
            var reports = await Comparison.AnalyzeAsync(batch.Analysed);
            long t3 = clock.ElapsedMilliseconds;
            tGen += t1 - t0; tRun += t2 - t1; tAna += t3 - t2;
            var byFile = reports.ToLookup(r => r.File);
            foreach (var e in executed)
            {
                var violations = Oracle.Judge(e);
                foreach (var v in violations)
                {
                    rules[v.Rule] = rules.GetValueOrDefault(v.Rule) + 1;
                    foreach (string f in v.Features)
                        features[f] = features.GetValueOrDefault(f) + 1;
                }
                misses.AddRange(Comparison.Misses(e.Program, violations, byFile));
                foreach (var r in byFile[e.Program.File])
                {
                    total++;
                    if (!violations.Any(v => Comparison.Answers(r, e.Program, v) || v.Rule == r.Rule && v.Lines.Contains(r.Line)))
                        unconfirmed.Add((r, e.Program.Analysed.Split('\n')[r.Line - 1].Trim()));
                }
            }
        }
        log.AppendLine($"gen {tGen} run {tRun} ana {tAna} ms; {total} reports, {unconfirmed.Count} unconfirmed; {misses.Count} misses");
        log.AppendLine(string.Join('\n', rules.Select(r => $"{r.Key} {r.Value}; unconfirmed {unconfirmed.Count(u => u.Item1.Rule == r.Key)}")));
        log.AppendLine("FENCE008 unconfirmed " + unconfirmed.Count(u => u.Item1.Rule == "FENCE008"));
        log.AppendLine(string.Join('\n', features.Select(r => $"  {r.Key} {r.Value}")));
        foreach (var g in misses.GroupBy(m => m.Violation.Rule))
        {
            foreach (var m in g.Take(6))
            log.AppendLine($"MISS {m.Program.Name} {m.Violation}");
        }
        foreach (var g in unconfirmed.GroupBy(u => u.Item1.Rule))
            foreach (var u in g.Take(12))
                log.AppendLine($"UNCONFIRMED {u.Item1}   [{u.Item2}]");
        string? file = Environment.GetEnvironmentVariable("DIFF_LOG");
        if (file is not null)
        {
            File.WriteAllText(file, log.ToString());
            foreach (var m in misses.Take(40))
                File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, m.Program.Name + ".txt"), m.Program.ToString());
        }
        output.WriteLine(log.ToString());
        Assert.Empty(misses);
    }
}
