using FenceSafety.Benchmarks.Analyzer;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Analyzers.Tests.Live;

/// <summary>What the analysis costs, in counts: the same on every machine.</summary>
public class WorkCountTests
{
    static readonly GeneratedProgram s_small = new(Lines: 1_500, CriticalRoots: 4, LockRegions: 20);

    [Fact]
    public async Task Code_without_locks_and_annotations_costs_no_binding()
    {
        var analyzer = await AnalyzeAsync(new GeneratedProgram(1_000, CriticalRoots: 0, LockRegions: 0));

        Assert.Equal(0, analyzer.Counts.Bodies);
        Assert.Equal(0, analyzer.Counts.Operations);
        Assert.Equal(0, analyzer.Counts.Graphs);
        Assert.Equal(0, analyzer.Counts.SummariesOpened);
    }

    [Theory]
    [InlineData("int _n; int Add(int n) => _n += n; void Run() { lock (this) Add(1); }", 0)]
    [InlineData("int _n; [FenceCritical] void Run(int n) => _n += n;", 0)]
    [InlineData("[FenceCritical] int Run(int n) => System.Math.Abs(n);", 1)]
    [InlineData("int Run(int n) { lock (this) return System.Math.Abs(n) + System.Math.Sign(n); }", 1)]
    public async Task The_frameworks_summary_is_opened_once_when_a_chain_needs_it(string members, int opened)
    {
        var analyzer = new FenceSafetyAnalyzer();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "System.Private.CoreLib.dll" or "System.Runtime.dll" or "netstandard.dll" or "FenceSafety.Annotations.dll");
        var compilation = CSharpCompilation.Create(
            "App",
            [CSharpSyntaxTree.ParseText("using FenceSafety; class C { " + members + " }")],
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);

        await Driver.AllAsync(analyzer, compilation, GeneratedCompilation.Options);

        Assert.Equal(opened, analyzer.Counts.SummariesOpened);
    }

    [Fact]
    public async Task Twice_the_program_is_at_most_twice_the_work()
    {
        var one = (await AnalyzeAsync(s_small)).Counts;
        var two = (await AnalyzeAsync(new GeneratedProgram(3_000, CriticalRoots: 8, LockRegions: 40))).Counts;

        Assert.InRange(two.Bodies, one.Bodies + 1, 2 * one.Bodies);
        Assert.InRange(two.Operations, one.Operations + 1, 2 * one.Operations);
        Assert.InRange(two.Graphs, one.Graphs + 1, 2 * one.Graphs);
        Assert.InRange(two.Solved, one.Solved + 1, 2 * one.Solved);
    }

    /// <summary>
    /// Streams that read from other streams under their own locks: each way round the ring is another object, and there is no end of ways.
    /// </summary>
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public async Task A_ring_of_decorators_costs_a_few_visits_of_each(int decorators)
    {
        var code = new System.Text.StringBuilder("interface ISource { int Read(); int Position { get; set; } }\n");
        for (int i = 0; i < decorators; i++)
        {
            code.AppendLine(
                $$"""
                class S{{i}} : ISource
                {
                    readonly object _gate{{i}} = new();
                    ISource _first{{i}}, _second{{i}};
                    public int Read() { lock (_gate{{i}}) return _first{{i}}.Read() + _second{{i}}.Position; }
                    public int Position { get { lock (_gate{{i}}) return _first{{i}}.Position; } set { lock (_gate{{i}}) _second{{i}}.Position = value; } }
                }
                """);
        }
        var analyzer = new FenceSafetyAnalyzer();
        var compilation = CSharpCompilation.Create(
            "App", [CSharpSyntaxTree.ParseText(code.ToString())], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

        var found = await Driver.AllAsync(analyzer, compilation, GeneratedCompilation.Options);

        // Each of four calls under a lock may take the lock of each class.
        Assert.Equal(4 * decorators * decorators, found.Split('\n').Count(static d => d.Contains("FENCE005", StringComparison.Ordinal)));
        Assert.InRange(analyzer.Counts.Summarized, 3 * decorators, 12 * 3 * decorators);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public async Task A_ring_that_calls_its_callers_delegate_under_locks_costs_a_few_visits_of_each(int decorators)
    {
        var code = new System.Text.StringBuilder(
            """
            using System;
            interface ISource { void Run(Action action); }
            class User
            {
                readonly object _own = new();
                ISource _source;
                int _n;
                void Inner() => _source.Run(() => { lock (_own) _n++; });
                void Outer() { lock (_own) _source.Run(static () => { }); }
            }

            """);
        for (int i = 0; i < decorators; i++)
            code.AppendLine($$"""class S{{i}} : ISource { readonly object _gate{{i}} = new(); ISource _a{{i}}, _b{{i}}; public void Run(Action action) { lock (_gate{{i}}) action(); _a{{i}}.Run(action); _b{{i}}.Run(action); } }""");
        var analyzer = new FenceSafetyAnalyzer();
        var compilation = CSharpCompilation.Create(
            "App", [CSharpSyntaxTree.ParseText(code.ToString())], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

        var found = await Driver.AllAsync(analyzer, compilation, GeneratedCompilation.Options);

        // Each gate is held while the user's lock is taken, and the other way round.
        Assert.Equal(2 * decorators, found.Split('\n').Count(static d => d.Contains("FENCE005", StringComparison.Ordinal)));
        Assert.InRange(analyzer.Counts.Summarized, decorators, 24 * decorators);
    }

    [Theory]
    [InlineData("_state += Deep(before);", "_state += Deep(before) + new object().GetHashCode();", 1, 1, 1)]
    [InlineData("_state += Deep(before);", "_state  +=  Deep(before);", 1, 0, 0)]
    [InlineData("_state += Deep(before);", "_state += Deep(before); Heap.Get(Gfp.Kernel);", 1, 1, 1)]
    // The helper takes another lock, and so do the two that call it and what calls these.
    [InlineData("lock (_inner)", "lock (_values)", 1, 1, 6)]
    [InlineData("return _values.Count + amount;", "return _values.Count + amount + 1;", 1, 0, 0)]
    [InlineData("int total = _values", "int more = 1; int total = _values", 0, 0, 0)]
    [InlineData("int total = _values", "lock (_values) { } int total = _values", 1, 1, int.MaxValue)]
    public async Task An_edit_in_a_body_reads_that_body_again_and_no_other(string from, string to, int bodies, int engineRuns, int looked)
    {
        var analyzer = new FenceSafetyAnalyzer();
        var before = GeneratedCompilation.Create(s_small);
        await Driver.FileAsync(analyzer, before, "Module0000.cs", GeneratedCompilation.Options);
        var (read, ran, indexed, visited) = (analyzer.Counts.Bodies, analyzer.Counts.EngineRuns, analyzer.Counts.Indexed, analyzer.Counts.Visited);

        var after = GeneratedCompilation.Edit(before, "Module0003.cs", from, to);
        await Driver.FileAsync(analyzer, after, "Module0003.cs", GeneratedCompilation.Options);

        Assert.Equal(bodies, analyzer.Counts.Bodies - read);
        Assert.Equal(engineRuns, analyzer.Counts.EngineRuns - ran);
        Assert.Equal(1, analyzer.Counts.Indexed - indexed);
        Assert.InRange(analyzer.Counts.Visited - visited, Math.Min(looked, 1), looked);
        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), after, GeneratedCompilation.Options), await Driver.AllAsync(analyzer, after, GeneratedCompilation.Options));
    }

    [Fact]
    public async Task A_second_edit_in_the_same_file_costs_no_more_than_the_first()
    {
        var analyzer = new FenceSafetyAnalyzer();
        var program = GeneratedCompilation.Create(s_small);
        await Driver.FileAsync(analyzer, program, "Module0003.cs", GeneratedCompilation.Options);
        int ran = analyzer.Counts.EngineRuns;

        // The second is in a body with a lock, of which the first one's file was never asked.
        foreach (var (from, to) in new[] { ("int total = _values", "int more = 1; int total = _values"), ("return _values.Count + amount;", "return _values.Count + amount + 1;") })
        {
            program = GeneratedCompilation.Edit(program, "Module0003.cs", from, to);
            await Driver.FileAsync(analyzer, program, "Module0003.cs", GeneratedCompilation.Options);
        }

        Assert.Equal(ran, analyzer.Counts.EngineRuns);
    }

    [Fact]
    public async Task A_second_look_at_the_same_files_reads_nothing()
    {
        var analyzer = new FenceSafetyAnalyzer();
        var before = GeneratedCompilation.Create(s_small);
        await Driver.AllAsync(analyzer, before, GeneratedCompilation.Options);
        int read = analyzer.Counts.Bodies;

        await Driver.AllAsync(analyzer, before.Clone(), GeneratedCompilation.Options);

        Assert.NotEqual(0, read);
        Assert.Equal(read, analyzer.Counts.Bodies);
    }

    static async Task<FenceSafetyAnalyzer> AnalyzeAsync(GeneratedProgram program)
    {
        var analyzer = new FenceSafetyAnalyzer();
        CSharpCompilation compilation = GeneratedCompilation.Create(program);
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        await Driver.AllAsync(analyzer, compilation, GeneratedCompilation.Options);
        return analyzer;
    }
}
