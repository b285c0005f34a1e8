using BenchmarkDotNet.Attributes;
using FenceSafety.Analyzers;
using FenceSafety.Benchmarks.Harness;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Benchmarks.Analyzer;

/// <summary>
/// The diagnostics of a file after an edit in one of its bodies, in 100,000 generated lines. Beside it, the same registrations with empty
/// actions. Each edit is another one than the last, in the next file.
/// </summary>
[MemoryDiagnoser, InvocationCount(1, 1), WarmupCount(5), IterationCount(50)]
public class DocumentEditBenchmark : IBenchmark
{
    private const string Unread = "int total = _values";
    private const string Helper = "return _values.Count + amount;";
    private const string Region = "_state += Deep(before);";

    private static readonly GeneratedProgram s_program = new(Lines: 100_000, CriticalRoots: 50, LockRegions: 500);

    private readonly FenceSafetyAnalyzer _analyzer = new();
    private readonly EmptyAnalyzer _empty = new();
    private CSharpCompilation _current = null!;
    private int _file;
    private string _path = "";

    /// <inheritdoc/>
    [GlobalSetup]
    public void Setup()
    {
        _current = GeneratedCompilation.Create(s_program);
        AnalyzerDriver.Document(_current, _analyzer, "Vocabulary.cs");
    }

    /// <inheritdoc/>
    public IEnumerable<Pair> Pairs() =>
    [
        Of("an edit in a body that is not read", Unread, "int more = 1; " + Unread),
        Of("an edit in a body that is read", Helper, "return _values.Count + amount + 1;"),
        Of("an edit under a lock that changes what it does", Region, Region + " _ = new object();"),
        Of("an edit under a lock that makes reports", Region, Region + " Heap.Get(Gfp.Kernel);"),
    ];

    /// <inheritdoc/>
    public void Check(Counts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var analyzer = new FenceSafetyAnalyzer();
        var before = GeneratedCompilation.Create(new GeneratedProgram(Lines: 2_000, CriticalRoots: 10, LockRegions: 25));
        AnalyzerDriver.Document(before, analyzer, "Vocabulary.cs");

        // Bodies that were edited to the same effect: the engine catches up on them when it next runs.
        int moved = 0;
        foreach (var (name, from, to, read) in new[] { ("not read", Unread, "int more = 1; " + Unread, 0), ("read", Helper, "return _values.Count + amount + 1;", 1), ("under a lock", Region, Region + " _ = new object();", 1), ("to report", Region, Region + " Heap.Get(Gfp.Kernel);", 1) })
        {
            int bodies = analyzer.Counts.Bodies, flows = analyzer.Counts.ChangedFlows, looked = analyzer.Counts.Visited, runs = analyzer.Counts.EngineRuns;
            before = GeneratedCompilation.Edit(before, "Module0003.cs", from, to);
            AnalyzerDriver.Document(before, analyzer, "Module0003.cs");
            counts.Equal($"an edit in a body that is {name}: bodies read", read, analyzer.Counts.Bodies - bodies);
            counts.AtMost($"an edit in a body that is {name}: flows of bodies solved again", read + moved, analyzer.Counts.ChangedFlows - flows);
            counts.AtMost($"an edit in a body that is {name}: bodies that the engine looks at", read + moved, analyzer.Counts.Visited - looked);
            moved = analyzer.Counts.EngineRuns == runs ? moved + read : 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    private Pair Of(string name, string from, string to) => new(
        new Side(name, () => AnalyzerDriver.Document(_current, _analyzer, _path), () => Edit(from, to)),
        new Side("empty actions", () => AnalyzerDriver.Document(_current, _empty, _path), () => Edit(from, to), () => AnalyzerDriver.Document(_current, _analyzer, _path)),
        Goal: 1.2, AtP95: true);

    private void Edit(string from, string to)
    {
        // Every file has a region and its helpers; after a round each is edited once more.
        _path = FormattableString.Invariant($"Module{_file++ % 390:D4}.cs");
        _current = GeneratedCompilation.Edit(_current, _path, from, to);

        // What was left behind by the last edit, and by making this one, is not to be collected while one side is measured.
        GC.Collect();
    }
}
