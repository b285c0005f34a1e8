using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.Live;

/// <summary>What is kept from one compilation to the next is never seen in an answer, and keeps nothing alive.</summary>
public class EditSequenceTests
{
    const int Steps = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task The_incremental_answer_is_the_answer_from_scratch(int seed)
    {
        var program = new EditedProgram(seed);
        var analyzer = new FenceSafetyAnalyzer();
        bool any = false;
        for (int step = 0; step < Steps; step++)
        {
            string what = step == 0 ? "nothing yet" : program.Step();
            string warm = await Driver.AllAsync(analyzer, program.Compilation, program.Options);
            string fresh = await Driver.AllAsync(new FenceSafetyAnalyzer(), program.Compilation, program.Options);
            any |= fresh.Length > 0;
            Assert.True(fresh == warm, $"Seed {seed}, step {step}: after {what} the instance that saw the edits says\n{warm}\n--- and a new one\n{fresh}");
        }

        Assert.True(any, "Nothing was ever reported: nothing was compared.");
        Assert.True(analyzer.Counts.EngineRuns < Steps, "No edit was ever answered from what was kept.");
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    [InlineData(44)]
    public async Task The_incremental_answer_is_the_answer_from_scratch_when_only_bodies_change(int seed)
    {
        const int BodySteps = 40;
        var program = new EditedProgram(seed) { OnlyBodies = true };
        var analyzer = new FenceSafetyAnalyzer();
        await Driver.AllAsync(analyzer, program.Compilation, program.Options);
        int solved = analyzer.Counts.Solved, summarized = analyzer.Counts.Summarized, freshlySolved = 0, freshlySummarized = 0, runs = analyzer.Counts.EngineRuns;
        for (int step = 0; step < BodySteps; step++)
        {
            string what = program.Step();
            var scratch = new FenceSafetyAnalyzer();
            string warm = await Driver.AllAsync(analyzer, program.Compilation, program.Options);
            string fresh = await Driver.AllAsync(scratch, program.Compilation, program.Options);
            Assert.True(fresh == warm, $"Seed {seed}, step {step}: after {what} the instance that saw the edits says\n{warm}\n--- and a new one\n{fresh}");
            freshlySolved += scratch.Counts.Solved;
            freshlySummarized += scratch.Counts.Summarized;
        }

        // Reuse is what is tested: most edits change facts, and little of the program is solved again.
        Assert.InRange(analyzer.Counts.EngineRuns - runs, BodySteps / 4, BodySteps);
        Assert.InRange(analyzer.Counts.Solved - solved, 1, freshlySolved / 3);
        Assert.InRange(analyzer.Counts.Summarized - summarized, 1, freshlySummarized / 2);
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(53)]
    public async Task The_incremental_answer_is_the_answer_from_scratch_where_values_are_enumerated(int seed)
    {
        const int BodySteps = 24;
        var program = new EditedProgram(seed, iterators: true) { OnlyBodies = true };
        var analyzer = new FenceSafetyAnalyzer();
        int freshlySummarized = 0;
        for (int step = 0; step < BodySteps; step++)
        {
            string what = step == 0 ? "nothing yet" : program.Step();
            var scratch = new FenceSafetyAnalyzer();
            string warm = await Driver.AllAsync(analyzer, program.Compilation, program.Options);
            string fresh = await Driver.AllAsync(scratch, program.Compilation, program.Options);
            Assert.True(fresh == warm, $"Seed {seed}, step {step}: after {what} the instance that saw the edits says\n{warm}\n--- and a new one\n{fresh}");
            freshlySummarized += scratch.Counts.Summarized;
        }

        Assert.InRange(analyzer.Counts.Summarized, 1, freshlySummarized - 1);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task A_run_that_is_cancelled_leaves_nothing_behind(int seed)
    {
        var program = new EditedProgram(seed);
        var analyzer = new FenceSafetyAnalyzer();
        var random = new Random(seed);
        int cancelled = 0;
        for (int step = 0; step < Steps; step++)
        {
            program.Step();
            using var source = new CancellationTokenSource();
            source.CancelAfter(TimeSpan.FromMilliseconds(random.Next(20)));
            try
            {
                await Driver.AllAsync(analyzer, program.Compilation, program.Options, source.Token);
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }

            if (step % 3 != 0)
                continue;
            string warm = await Driver.AllAsync(analyzer, program.Compilation, program.Options);
            Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), program.Compilation, program.Options), warm);
        }

        Assert.NotEqual(0, cancelled);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Two_versions_at_once_do_not_disturb_each_other(int seed)
    {
        var program = new EditedProgram(seed);
        var analyzer = new FenceSafetyAnalyzer();
        for (int step = 0; step < Steps / 2; step++)
        {
            var (before, options) = (program.Compilation, program.Options);
            program.Step();
            var (after, newOptions) = (program.Compilation, program.Options);
            var both = await Task.WhenAll(
                Task.Run(() => Driver.AllAsync(analyzer, before, options)),
                Task.Run(() => Driver.AllAsync(analyzer, after, newOptions)));
            Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), before, options), both[0]);
            Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), after, newOptions), both[1]);
        }
    }

    [Fact]
    public async Task No_old_compilation_and_no_old_tree_stays_alive()
    {
        // The compiler itself keeps the tree that was replaced last.
        var without = await AliveAsync(new Nothing());
        var with = await AliveAsync(new FenceSafetyAnalyzer());

        Assert.Empty(with.Except(without));
        Assert.DoesNotContain(with, static what => what.StartsWith("the compilation", StringComparison.Ordinal));
    }

    static async Task<IReadOnlyList<string>> AliveAsync(DiagnosticAnalyzer analyzer)
    {
        var program = new EditedProgram(31);
        var old = await EditAsync(program, analyzer);
        Assert.InRange(old.Count, Steps, int.MaxValue);
        for (int i = 0; i < 10 && old.Any(w => w.Reference.IsAlive); i++)
        {
            await Task.Delay(20);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        GC.KeepAlive(analyzer);
        GC.KeepAlive(program);
        return [.. old.Where(w => w.Reference.IsAlive).Select(w => w.What)];
    }

    static async Task<List<(string What, WeakReference Reference)>> EditAsync(EditedProgram program, DiagnosticAnalyzer analyzer)
    {
        var old = new List<(string, WeakReference)>();
        for (int step = 0; step < Steps; step++)
        {
            await Driver.AllAsync(analyzer, program.Compilation, program.Options);
            Step(program, old, step);
        }

        await Driver.AllAsync(analyzer, program.Compilation, program.Options);
        return old;
    }

    /// <summary>Not async: a state machine would keep what it has in variables.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Step(EditedProgram program, List<(string, WeakReference)> old, int step)
    {
        var before = program.Compilation;
        string what = program.Step();
        if (ReferenceEquals(before, program.Compilation))
            return;
        old.Add(($"the compilation before step {step}, {what}", new WeakReference(before)));
        old.AddRange(before.SyntaxTrees.Except(program.Compilation.SyntaxTrees).Select(t => ($"{t.FilePath} before step {step}, {what}", new WeakReference(t))));
    }

    /// <summary>The same registrations with empty actions.</summary>
#pragma warning disable RS1036, RS1038, RS1041 // No compiler ever loads it.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    sealed class Nothing : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => new FenceSafetyAnalyzer().SupportedDiagnostics;

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterCompilationStartAction(static start =>
            {
                start.RegisterSemanticModelAction(static _ => { });
                start.RegisterCompilationEndAction(static _ => { });
            });
        }
    }
}
