using FenceSafety.Differential.Tests.Execution;
using FenceSafety.Differential.Tests.Power;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>A program with what happened and what was reported.</summary>
/// <param name="SplitReports">What is reported of it as two assemblies; null if it is not split.</param>
internal sealed record Judged(
    Mode Mode, Executed Executed, IReadOnlyList<Violation> Violations, IReadOnlyList<Report> Reports, IReadOnlyList<Report>? SplitReports)
{
    public Generation.GeneratedProgram Program => Executed.Program;

    /// <summary>What was reported and happened.</summary>
    public IEnumerable<Violation> Confirmed => Violations.Where(v => Reports.Any(r => Comparison.Answers(r, v)));

    public IEnumerable<Report> Unconfirmed => Reports.Where(r => !Violations.Any(v => Comparison.Answers(r, v)));

    /// <summary>What happened and was reported neither by who analysed the library nor by who analysed the application.</summary>
    public IEnumerable<Miss> SplitMisses(IReadOnlyList<Report> reports) =>
        Violations.Where(v => !reports.Any(r => Comparison.AnswersAcross(r, v, Program)) && !Comparison.IsUnknown(v, Program, Mode)).Select(v => new Miss(Program, v));

    public IEnumerable<Miss> Misses(IReadOnlyList<Report> reports) =>
        Violations.Where(v => !reports.Any(r => Comparison.Answers(r, v))).Select(v => new Miss(Program, v));
}

/// <summary>The programs of a batch, judged, and the analyzer's front end for the power check.</summary>
internal sealed record JudgedBatch(Mode Mode, IReadOnlyList<Judged> Programs, FrontEnd FrontEnd, SplitAnalysis Split, byte[] Image);

/// <summary>All programs of a test run: so many, from fixed seeds; never by the clock.</summary>
public sealed class Campaign
{
    /// <summary>The environment variable that says how many programs to try instead of <see cref="Programs"/>.</summary>
    public const string Switch = "FENCE_SAFETY_DIFFERENTIAL_PROGRAMS";

    /// <summary>The environment variable that gives another seed, for a longer run of other programs.</summary>
    public const string SeedSwitch = "FENCE_SAFETY_DIFFERENTIAL_SEED";

    /// <summary>The environment variable that says how many programs to leave out, to see one again: batches are kept whole.</summary>
    public const string SkipSwitch = "FENCE_SAFETY_DIFFERENTIAL_SKIP";

    /// <summary>So many are enough to exercise every rule and every feature, and to find every defect.</summary>
    public const int Programs = 140;

    private const int ProgramsPerBatch = 20;
    private const int RunsPerProgram = 24;
    private const ulong Seed = 1000;

    /// <summary>Runs all programs.</summary>
    public Campaign()
    {
        int count = (int)Read(Switch, Programs, 1, int.MaxValue);
        ulong seed = Read(SeedSwitch, Seed, 0, ulong.MaxValue);
        int skipped = (int)Read(SkipSwitch, 0, 0, int.MaxValue);
        // The power check is about the fixed number of programs, and does with their batches.
        Batches = [.. Enumerable.Range(skipped / ProgramsPerBatch, (count + ProgramsPerBatch - 1) / ProgramsPerBatch).Select(i => Judge(i, seed))];
    }

    private static ulong Read(string name, ulong otherwise, ulong least, ulong most)
    {
        if (Environment.GetEnvironmentVariable(name) is not { } text)
            return otherwise;
        return ulong.TryParse(text, out ulong number) && number >= least && number <= most
            ? number : throw new InvalidOperationException($"{name} is '{text}'; it must be a number from {least} to {most}.");
    }

    internal IReadOnlyList<JudgedBatch> Batches { get; }

    internal IEnumerable<Judged> All => Batches.SelectMany(b => b.Programs);

    private static JudgedBatch Judge(int index, ulong seed)
    {
        var batch = new Batch(index, ProgramsPerBatch, seed);
        var executed = batch.Execute(RunsPerProgram);
        var reports = Comparison.Analyze(batch.Analysed, batch.Mode, batch.Annotations).ToLookup(r => r.File);
        var split = new SplitAnalysis(batch.Programs, batch.Mode, "Library" + index);
        return new JudgedBatch(
            batch.Mode,
            [.. executed.Select(e => new Judged(
                batch.Mode, e, Oracle.Judge(e, batch.Mode), [.. reports[e.Program.File]], e.Program.Split is null ? null : [.. split.Reports[e.Program.File]]))],
            new FrontEnd(batch.Analysed, batch.Mode, batch.Annotations), split, batch.EmitAttributed());
    }
}
