using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Tests.Live;

/// <summary>An edit that changes what a body does costs that body and what depends on it, in counts.</summary>
public class ReuseTests
{
    const string Program = """
        public class C
        {
            readonly object _a = new();
            readonly object _b = new();

            void Leaf(Gfp gfp)
            {
                Kmem.Get(Gfp.None);
            }

            void Middle(Gfp gfp) { Leaf(gfp); }

            [FenceCritical] public void Root() { lock (_b) { } Middle(Gfp.Kernel); }

            void Even(int n) { Even2(n); }
            void Even2(int n) { if (n > 0) Odd(n - 1); }
            void Odd(int n) { if (n > 0) Even(n - 1); lock (_b) { } }
            [FenceCritical] public void Round() { Even(3); }

            void Apart() { lock (_b) { } }
            [FenceCritical] public void Other() { Apart(); }
        }
        """;

    [Theory]
    // What it reaches is another thing for all who call it.
    [InlineData("Kmem.Get(Gfp.None);", "Kmem.Get(Gfp.Kernel);", 1, 3)]
    [InlineData("Kmem.Get(Gfp.None);", "Kmem.Get(gfp);", 1, 3)]
    // It does another thing, and reaches the same.
    [InlineData("Kmem.Get(Gfp.None);", "if (gfp == Gfp.High) Kmem.Get(Gfp.None);", 1, 1)]
    // It leaves a lock held, which its callers have to know.
    [InlineData("Kmem.Get(Gfp.None);", "Monitor.Enter(_a);", 3, 3)]
    // A ring of three, and who enters it.
    [InlineData("Odd(n - 1);", "{ Odd(n - 1); Kmem.Get(Gfp.Kernel); }", 1, 4)]
    // Nobody calls it. What it calls stays as it is.
    [InlineData("{ lock (_b) { } Middle(Gfp.Kernel); }", "{ lock (_b) { Middle(Gfp.Kernel); } }", 1, 1)]
    public async Task It_solves_again_what_depends_on_it_and_no_more(string from, string to, int solved, int summarized)
    {
        var analyzer = new FenceSafetyAnalyzer();
        var before = Compile(Program);
        await Driver.AllAsync(analyzer, before, Options);
        var (read, flows, summaries) = (analyzer.Counts.Bodies, analyzer.Counts.ChangedFlows, analyzer.Counts.ChangedSummaries);

        var after = Replace(before, from, to);
        string warm = await Driver.AllAsync(analyzer, after, Options);

        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), after, Options), warm);
        Assert.Equal(1, analyzer.Counts.Bodies - read);
        Assert.Equal(solved, analyzer.Counts.ChangedFlows - flows);
        Assert.Equal(summarized, analyzer.Counts.ChangedSummaries - summaries);
    }

    /// <summary>Bodies that ask more of others than what a call reaches: is it an iterator, what does it store, what do all of many do to locks?</summary>
    static readonly string s_asking = $$"""
        public abstract class Many { public abstract void Do(object gate); }
        {{string.Concat(Enumerable.Range(0, 20).Select(static i => $"public class Many{i} : Many {{ public override void Do(object gate) {{ /* {i} */ }} }}\n"))}}
        public class C
        {
            readonly object _a = new();
            readonly object _b = new();
            readonly Action _do;

            public C() { _do = First; }

            void First() { }
            void Second() { Kmem.Get(Gfp.Kernel); }
            IEnumerable<int> Walk(Gfp gfp) { Kmem.Get(Gfp.None); yield return 1; }
            IEnumerable<int> Walks(Gfp gfp) { return Walk(gfp); }
            static void Through(IEnumerable<int> all) { foreach (var x in all) { } }

            [FenceCritical] public void Calls() { lock (_b) { } _do(); }
            [FenceCritical] public void Enumerates() { lock (_a) { foreach (var x in Walk(Gfp.None)) { } } }
            [FenceCritical] public void Hands() { var all = Walk(Gfp.None); lock (_a) { Through(all); } }
            [FenceCritical] public void HandsOn() { lock (_a) { Through(Walks(Gfp.None)); } }
            public void Dispatches(Many many) { many.Do(_a); lock (_b) { } }
            public void Turns() { lock (_b) { lock (_a) { } } }
        }
        """;

    [Theory]
    [InlineData("_do = First;", "_do = Second;")]
    [InlineData("Kmem.Get(Gfp.None); yield", "Kmem.Get(Gfp.Kernel); yield")]
    [InlineData("Kmem.Get(Gfp.None); yield", "lock (_b) { } yield")]
    [InlineData("foreach (var x in all) { }", "")]
    [InlineData("/* 13 */", "Monitor.Enter(gate);")]
    public async Task What_else_a_body_asks_is_asked_again(string from, string to)
    {
        var analyzer = new FenceSafetyAnalyzer();
        var before = Compile(s_asking);
        string old = await Driver.AllAsync(analyzer, before, Options);

        var after = Replace(before, from, to);
        string warm = await Driver.AllAsync(analyzer, after, Options);
        string back = await Driver.AllAsync(analyzer, before.WithAssemblyName("Edited"), Options);

        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), after, Options), warm);
        Assert.Equal(old, back);
        if (to.Length > 0)
            Assert.NotEqual(old, warm);
    }

    /// <summary>What a collection is made with is asked by others, wherever they are.</summary>
    [Theory]
    [InlineData("_at = new(new Still());", "_at = new(new Loud());")]
    [InlineData("_later = new(new Still());", "_later = new(new Loud());")]
    public async Task A_comparer_is_asked_by_all_who_use_its_collection(string from, string to)
    {
        var analyzer = new FenceSafetyAnalyzer();
        var before = Compile("""
            public class C
            {
                readonly Dictionary<int, int> _at = new(new Still());
                readonly Dictionary<int, int> _later;
                public C() { _later = new(new Still()); }
                [FenceCritical] public bool Run() => _at.ContainsKey(3) || _later.ContainsKey(3);
            }
            sealed class Still : IEqualityComparer<int> { public bool Equals(int a, int b) => a == b; public int GetHashCode(int n) => n; }
            sealed class Loud : IEqualityComparer<int> { public bool Equals(int a, int b) => a == b; public int GetHashCode(int n) { Kmem.Get(Gfp.Kernel); return n; } }
            """);
        string old = await Driver.AllAsync(analyzer, before, Options);

        var after = Replace(before, from, to);
        string warm = await Driver.AllAsync(analyzer, after, Options);

        Assert.DoesNotContain("FENCE001", old, StringComparison.Ordinal);
        Assert.Contains("FENCE001", warm, StringComparison.Ordinal);
        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), after, Options), warm);
    }

    /// <summary>Another body decides where this one runs.</summary>
    [Theory]
    [InlineData("object Shrink() => null;", "object Shrink() => Kmem.Get(Gfp.Kernel);")]
    [InlineData("Plain(Also);", "Register(Also);")]
    public async Task A_method_group_runs_where_its_delegate_runs(string from, string to)
    {
        var analyzer = new FenceSafetyAnalyzer();
        var before = Compile("""
            public class C
            {
                static void Register([RunsInReclaim] Func<object> scan) { }
                static void Plain(Func<object> scan) { }
                public void Start() { Register(Shrink); Plain(Also); }
                object Shrink() => null;
                object Also() => Kmem.Get(Gfp.Kernel);
            }
            """);
        string old = await Driver.AllAsync(analyzer, before, Options);

        var after = Replace(before, from, to);
        string warm = await Driver.AllAsync(analyzer, after, Options);
        var moved = Replace(after, "static void Plain", "// One line more.\n    static void Plain");
        string again = await Driver.AllAsync(analyzer, moved, Options);

        Assert.DoesNotContain("FENCE007", old, StringComparison.Ordinal);
        Assert.Contains("FENCE007", warm, StringComparison.Ordinal);
        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), after, Options), warm);
        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), moved, Options), again);
    }

    [Fact]
    public async Task What_an_edit_takes_away_is_gone_even_if_it_held_itself_up()
    {
        var analyzer = new FenceSafetyAnalyzer();
        var with = Replace(Compile(Program), "Odd(n - 1);", "{ Odd(n - 1); Kmem.Get(Gfp.Kernel); }");
        Assert.Contains("FENCE001", await Driver.AllAsync(analyzer, with, Options), StringComparison.Ordinal);

        var without = Replace(with, "Kmem.Get(Gfp.Kernel); }", "}");
        string warm = await Driver.AllAsync(analyzer, without, Options);

        Assert.DoesNotContain("FENCE001", warm, StringComparison.Ordinal);
        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), without, Options), warm);
    }

    [Fact]
    public async Task A_place_behind_an_edit_moves_with_it_and_no_body_is_read()
    {
        var analyzer = new FenceSafetyAnalyzer();
        var before = Replace(Compile(Program), "void Apart() { lock (_b) { } }", "void Apart() { lock (_b) { Kmem.Get(Gfp.Kernel); } }");
        string old = await Driver.AllAsync(analyzer, before, Options);
        var (read, runs) = (analyzer.Counts.Bodies, analyzer.Counts.EngineRuns);

        var after = Replace(before, "    readonly object _a = new();", "    // One line more,\n    // and another.\n    readonly object _a = new();");
        string warm = await Driver.AllAsync(analyzer, after, Options);

        Assert.NotEqual(old, warm);
        Assert.Equal(await Driver.AllAsync(new FenceSafetyAnalyzer(), after, Options), warm);
        Assert.Equal(read, analyzer.Counts.Bodies);
        Assert.Equal(runs, analyzer.Counts.EngineRuns);
    }

    static Microsoft.CodeAnalysis.Diagnostics.AnalyzerOptions Options => new EditedProgram(0).Options;

    static CSharpCompilation Compile(string text)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = new EditedProgram(0).Compilation.SyntaxTrees.Where(t => t.FilePath is "Vocabulary.cs" or "Usings.cs");
        return new EditedProgram(0).Compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees)
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(SourceText.From(text), parse, "C.cs"));
    }

    static CSharpCompilation Replace(CSharpCompilation compilation, string from, string to)
    {
        var tree = compilation.SyntaxTrees.Single(t => t.FilePath == "C.cs");
        string text = tree.ToString();
        int at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.NotEqual(-1, at);
        var changed = tree.WithChangedText(tree.GetText().WithChanges(new TextChange(new TextSpan(at, from.Length), to)));
        var result = compilation.ReplaceSyntaxTree(tree, changed);
        Assert.DoesNotContain(result.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        return result;
    }
}
