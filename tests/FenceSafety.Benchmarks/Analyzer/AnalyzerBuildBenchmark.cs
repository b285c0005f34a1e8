using BenchmarkDotNet.Attributes;
using FenceSafety.Analyzers;
using FenceSafety.Benchmarks.Harness;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Benchmarks.Analyzer;

/// <summary>Building 100,000 generated lines with 50 critical roots and 500 lock regions. Beside it, building them without the analyzer.</summary>
[MemoryDiagnoser, InvocationCount(1, 1), WarmupCount(1), IterationCount(15)]
public class AnalyzerBuildBenchmark : IBenchmark
{
    private static readonly GeneratedProgram s_program = new(Lines: 100_000, CriticalRoots: 50, LockRegions: 500);

    private CSharpCompilation? _parsed;

    /// <inheritdoc/>
    [GlobalSetup]
    public void Setup()
    {
        // Nothing is shared: each build begins with a new compilation.
    }

    [IterationSetup]
    public void Parse()
    {
        _parsed = GeneratedCompilation.Create(s_program);
        foreach (var tree in _parsed.SyntaxTrees)
            tree.GetRoot();
    }

    [Benchmark]
    public void WithTheAnalyzer() => AnalyzerDriver.Build(_parsed!, new FenceSafetyAnalyzer());

    [Benchmark]
    public void WithEmptyActions() => AnalyzerDriver.Build(_parsed!, new EmptyAnalyzer());

    [Benchmark(Baseline = true)]
    public void WithNoAnalyzer() => AnalyzerDriver.Build(_parsed!, null);

    /// <inheritdoc/>
    public IEnumerable<Pair> Pairs()
    {
        var none = new Side("no analyzer", WithNoAnalyzer, Parse);
        var empty = new Side("the same registrations with empty actions", WithEmptyActions, Parse);
        var ours = new Side("build of 100,000 lines", WithTheAnalyzer, Parse);
        return [new Pair(ours, none, Goal: 1.1), new Pair(empty, none), new Pair(ours, empty)];
    }

    /// <inheritdoc/>
    public void Check(Counts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var none = Analyze(new GeneratedProgram(Lines: 1_000, CriticalRoots: 0, LockRegions: 0), out _);
        counts.Equal("no lock and no critical code: bodies bound", 0, none.Counts.Operations);
        var one = Analyze(new GeneratedProgram(Lines: 2_000, CriticalRoots: 10, LockRegions: 25), out int found);
        var two = Analyze(new GeneratedProgram(Lines: 4_000, CriticalRoots: 20, LockRegions: 50), out _);
        counts.Equal("mistakes found", 1, found);
        counts.AtMost("twice the program: bodies bound", 2 * one.Counts.Operations, two.Counts.Operations);
        counts.AtMost("twice the program: control-flow graphs", 2 * one.Counts.Graphs, two.Counts.Graphs);
        counts.AtMost("twice the program: flows solved", 2 * one.Counts.Solved, two.Counts.Solved);
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _parsed = null;
        GC.SuppressFinalize(this);
    }

    private static FenceSafetyAnalyzer Analyze(GeneratedProgram program, out int found)
    {
        var analyzer = new FenceSafetyAnalyzer();
        found = AnalyzerDriver.Build(GeneratedCompilation.Create(program), analyzer);
        return analyzer;
    }
}
