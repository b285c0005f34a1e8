using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Testing.Analysis;

/// <summary>What holds for every analyzer and every test: each diagnostic is local to its document, and no order or thread schedule matters.</summary>
sealed class Invariants(Compilation compilation, AnalyzerOptions options, Func<ImmutableArray<DiagnosticAnalyzer>> create)
{
    // Fixed, so that a failure repeats.
    static readonly int[] s_seeds = [1, 20, 300];

    /// <summary>Checks both; <paramref name="outcome"/> is the run to compare with.</summary>
    public async Task VerifyAsync(AnalysisOutcome outcome, ImmutableArray<DiagnosticAnalyzer> used, CancellationToken cancel)
    {
        var baseline = outcome.All.Select(DiagnosticText.Key).ToList();
        await CompareAsync(baseline, compilation, options, create(), concurrent: false, "without concurrency", cancel).ConfigureAwait(false);
        await VerifyLocalAsync(outcome, cancel).ConfigureAwait(false);
        await CompareAsync(baseline, compilation, options, used, concurrent: true, "again with the same analyzer instance", cancel).ConfigureAwait(false);
        if (compilation.SyntaxTrees.Count() + options.AdditionalFiles.Length < 3)
        {
            // Reversal is the only other order of one or two files.
            var (reversed, files) = Reorder(trees => trees.Reverse(), texts => texts.Reverse());
            await CompareAsync(baseline, reversed, files, create(), concurrent: true, "with the files in reverse order", cancel).ConfigureAwait(false);
            return;
        }

        foreach (int seed in s_seeds)
        {
            var random = new Random(seed);
            var (shuffled, files) = Reorder(trees => trees.OrderBy(_ => random.Next()), texts => texts.OrderBy(_ => random.Next()));
            string when = $"with the files shuffled (seed {seed})";
            await CompareAsync(baseline, shuffled, files, create(), seed % 2 == 0, when, cancel).ConfigureAwait(false);
        }
    }

    async Task VerifyLocalAsync(AnalysisOutcome outcome, CancellationToken cancel)
    {
        var stray = outcome.CompilationLevel.Where(d => d.Location.IsInSource).Select(DiagnosticText.Key).ToList();
        if (stray.Count > 0)
        {
            throw new VerificationException(
                "Not local: an IDE shows neither squiggle nor fix for what is reported at the level of the compilation."
                + DiagnosticText.Lines("reported there:", stray));
        }

        foreach (var tree in compilation.SyntaxTrees)
        {
            var run = new AnalysisRun(compilation, options, create(), concurrent: true, "analysing one document, " + tree.FilePath);
            var live = await run.DocumentAsync(tree, cancel).ConfigureAwait(false);
            var inTree = outcome.All.Where(d => d.Location.SourceTree == tree);
            string? difference = DiagnosticText.Difference(
                inTree.Select(DiagnosticText.Key),
                "when the whole compilation is analysed",
                live.Where(d => d.Location.SourceTree == tree).Select(DiagnosticText.Key),
                "when the document alone is analysed");
            if (difference is not null)
            {
                throw new VerificationException($"Not local: {tree.FilePath} by itself gives other diagnostics than the whole compilation.{difference}");
            }
        }
    }

    (Compilation, AnalyzerOptions) Reorder(
        Func<IEnumerable<SyntaxTree>, IEnumerable<SyntaxTree>> trees, Func<IEnumerable<AdditionalText>, IEnumerable<AdditionalText>> texts)
    {
        var other = compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees(compilation.SyntaxTrees));
        return (other, new AnalyzerOptions([.. texts(options.AdditionalFiles)], options.AnalyzerConfigOptionsProvider));
    }

    static async Task CompareAsync(
        IReadOnlyList<string> baseline,
        Compilation compilation,
        AnalyzerOptions options,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        bool concurrent,
        string when,
        CancellationToken cancel)
    {
        var outcome = await new AnalysisRun(compilation, options, analyzers, concurrent, when).AllAsync(cancel).ConfigureAwait(false);
        string? difference = DiagnosticText.Difference(baseline, "at first", outcome.All.Select(DiagnosticText.Key), when);
        if (difference is not null)
        {
            throw new VerificationException($"Not deterministic: the diagnostics differ {when}.{difference}");
        }
    }
}
