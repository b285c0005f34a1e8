using BenchmarkDotNet.Attributes;
using FenceSafety.Analyzers;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Benchmarks.Harness;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Benchmarks.Analyzer;

/// <summary>Opening the framework's summary when everything is compiled; beside it, reading its bytes.</summary>
[MemoryDiagnoser]
public class FrameworkSummaryBenchmark : IBenchmark
{
    private const long MaximalBytes = 10_000_000;

    /// <inheritdoc/>
    public void Setup()
    {
        // Nothing is shared.
    }

    [Benchmark]
    public void Open() => FrameworkSummary.Load();

    [Benchmark(Baseline = true)]
    public void ReadBytes()
    {
        using Stream stream = typeof(FrameworkSummary).Assembly.GetManifestResourceStream("Framework.fencesum")!;
        stream.ReadExactly(new byte[stream.Length]);
    }

    /// <inheritdoc/>
    public IEnumerable<Pair> Pairs() => [new Pair(new Side("open the framework's summary", Open), new Side("read its bytes", ReadBytes))];

    /// <inheritdoc/>
    public void Check(Counts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        counts.Equal("nothing to look at: summaries opened", 0, Opened(new GeneratedProgram(Lines: 1_000, CriticalRoots: 0, LockRegions: 0)));
        counts.Equal("critical code: summaries opened", 1, Opened(new GeneratedProgram(Lines: 2_000, CriticalRoots: 10, LockRegions: 25)));
        counts.AtMost("first look-up in a fresh process: managed bytes", MaximalBytes, FirstLookUp.Bytes());
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    private static int Opened(GeneratedProgram program)
    {
        var analyzer = new FenceSafetyAnalyzer();
        CSharpCompilation compilation = GeneratedCompilation.Create(program);
        AnalyzerDriver.Build(compilation, analyzer);
        return analyzer.Counts.SummariesOpened;
    }
}
