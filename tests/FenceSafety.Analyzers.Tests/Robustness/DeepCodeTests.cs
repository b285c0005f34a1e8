using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests.Robustness;

/// <summary>Code that nests or goes on as nobody writes it, but as a generator may. Where the compiler gives up (CS8078), so may the analyzer; it does not end it.</summary>
public class DeepCodeTests
{
    /// <summary>
    /// Ten thousand levels. The compiler parses none of these to the end. It is made to give up early: its parser looks after its stack, but
    /// what the parser still accepts can be more than its binder carries, which is not what is tested here.
    /// </summary>
    [Theory]
    [InlineData("{", "Kmem.Get();", "}")]
    [InlineData("if (x > 0) { ", "Kmem.Get();", " }")]
    [InlineData("while (x > 0) { ", "Kmem.Get();", " }")]
    [InlineData("lock (_a) { ", "Kmem.Get();", " }")]
    [InlineData("try { ", "Kmem.Get();", " } finally { Nop(); }")]
    [InlineData("Do(() => ", "Kmem.Get()", ")")]
    [InlineData("x = Id(", "1", ")")]
    [InlineData("x = x + (", "1", ")")]
    [InlineData("void F() { ", "Kmem.Get();", " }")]
    public async Task No_crash_where_the_compiler_gives_up(string open, string inner, string close)
    {
        string begin = open.StartsWith("x = ", StringComparison.Ordinal) ? open + Repeat(open[4..], 9_999) : Repeat(open, 10_000);
        Compilation? parsed = null;
        var thread = new Thread(() => parsed = Compile(begin + inner + Repeat(close, 10_000) + ";"), 384 << 10);
        thread.Start();
        thread.Join();
        var compilation = parsed!;
        Assert.Contains(compilation.GetDiagnostics(), static d => d.Id == "CS8078");
        await Robust.AnalyzeAsync(compilation, open);
    }

    /// <summary>As deep as the compiler goes: the analyzer goes there, too, and finds what is there.</summary>
    [Theory]
    [InlineData("{", "Kmem.Get();", "}", 200)]
    [InlineData("if (x > 0) { ", "Kmem.Get();", " }", 200)]
    [InlineData("while (x > 0) { ", "Kmem.Get();", " }", 200)]
    [InlineData("try { ", "Kmem.Get();", " } finally { Nop(); }", 12)]
    [InlineData("Id(", "Id(Kmem.Get() is null ? 1 : 2)", ")", 200)]
    [InlineData("if (x == 1) Nop(); else ", "Kmem.Get();", "", 2_000)]
    public async Task Finds_what_is_at_the_bottom(string open, string inner, string close, int depth)
    {
        var compilation = Compile(Repeat(open, depth) + inner + Repeat(close, depth) + ";");
        Assert.DoesNotContain(compilation.GetDiagnostics(), static d => d.Severity == DiagnosticSeverity.Error);
        Assert.Contains("FENCE001", await Robust.AnalyzeAsync(compilation, open));
    }

    /// <summary>One lock, taken again at each level, is given back as often.</summary>
    [Fact]
    public async Task Counts_how_often_a_lock_is_taken_again()
    {
        var compilation = Compile(Repeat("lock (_a) { ", 100) + "Kmem.Get();" + Repeat(" }", 100));
        var found = await Robust.AnalyzeAsync(compilation, "lock");
        Assert.Equal(["FENCE001"], found);
    }

    /// <summary>The compiler has no trouble with these; they overflowed the stack of a reader that recurses.</summary>
    [Theory]
    [InlineData("new C()", ".Self()", " .Get();", 10_000, "FENCE001")]
    [InlineData("x = Kmem.Get() is null ? 1 : 2", " + x", ";", 10_000, "FENCE001")]
    [InlineData("string s = \"\"", " + x + \"a\"", ";", 5_000, "FENCE011")]
    [InlineData("bool b = Kmem.Get() is", " not", " null;", 10_000, "FENCE001")]
    public async Task Finds_what_is_in_a_long_chain(string begin, string link, string end, int length, string rule)
    {
        var compilation = Compile(begin + Repeat(link, length) + end);
        Assert.Contains(rule, await Robust.AnalyzeAsync(compilation, link));
    }

    /// <summary>One method of twenty thousand lines.</summary>
    [Theory]
    [InlineData("x = Id(x);\n", 20_000, 1)]
    [InlineData("if (x > 0)\n{\n    x = Id(x);\n}\n", 5_000, 1)]
    [InlineData("lock (_a)\n{\n    Kmem.Get();\n}\n", 5_000, 5_001)]
    public async Task Ends_on_a_method_of_twenty_thousand_lines(string line, int times, int expected)
    {
        var found = await Robust.AnalyzeAsync(Compile(Repeat(line, times) + "Kmem.Get();"), line);
        Assert.Equal(expected, found.Count(static id => id == "FENCE001"));
    }

    static Compilation Compile(string body) => Robust.Compile(
        Vocabulary.Usings,
        Vocabulary.Types,
        $$"""
        class C
        {
            readonly object _a = new();

            static int Id(int v) => v;

            static void Nop() { }

            static void Do(Action a) => a();

            C Self() => this;

            void Get() => Kmem.Get();

            [FenceCritical]
            void Run(int x)
            {
                {{body}}
            }
        }
        """);

    static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
