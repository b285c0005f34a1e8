using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using FenceSafety.CodeFixes.Consume;
using FenceSafety.CodeFixes.MoveWait;
using FenceSafety.CodeFixes.ReleaseInFinally;
using FenceSafety.CodeFixes.ReRead;
using FenceSafety.CodeFixes.SwapAcquisitions;
using FenceSafety.CodeFixes.TakeReference;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Programs print the same before and after a fix, on every path and with exceptions; and a lock that leaked no longer does.</summary>
public class RestructuringOutputTests
{
    /// <summary>Runs a body with several arguments, and tells what it did.</summary>
    const string Program = """
        [assembly: LockOrder("a", "b")]

        public static class P
        {
            [LockClass("a")] static readonly object s_a = new();
            [LockClass("b")] static readonly object s_b = new();
            static readonly KMutex s_mutex = new();
            static readonly long[] s_entries = { 1, 2, 3, 4, 5, 6, 7 };
            static readonly Page[] s_pages = { new(0), new(1), new(2), new(3), new(4), new(5) };
            static readonly Fence s_fence = new();
            static int s_count;

            [Snapshot] static long Peek(int i) => s_entries[i];

            static void Zap(int i, [RequiresStable("s_b")] long entry) => Show("zap", i, entry);

            [WaitsForFence] static void Wait(int n) => Show("wait", n);

            static void Show(params object[] values) => Log.Add(string.Join(' ', values));

            static int Body(int n)
            {
                BODY
            }

            public static string Run()
            {
                for (int n = 0; n < 5; n++)
                {
                    try
                    {
                        Show("result", Body(n), s_count);
                    }
                    catch (Exception e)
                    {
                        Show("caught", e.GetType().Name);
                    }
                }

                return Log.Text();
            }

            /// <summary>Whether a lock is left held by the thread that ran it.</summary>
            public static bool Leaks() => Monitor.IsEntered(s_a) || Monitor.IsEntered(s_b);
        }

        [MustConsume]
        public sealed class Plan : IDisposable
        {
            public int Size = 3;

            [Consumes] public void Cancel() { }

            public void Dispose() { }

            public static Plan Make() => new();

            public static void Execute([Consumes] Plan plan) => Log.Add("execute");
        }

        [RefCounted(Acquire = nameof(Get), Release = nameof(Put))]
        public sealed class Page(int number)
        {
            public readonly KMutex Contents = new();
            public readonly int Number = number;

            public void Get() { }

            public void Put() { }
        }

        public static class Log
        {
            static readonly System.IO.StringWriter s_out = new();

            public static void Add(string line) => s_out.WriteLine(line);

            public static string Text() => s_out.ToString();
        }
        """;

    [Theory]
    [InlineData(typeof(ReleaseInFinallyCodeFixProvider), "Monitor.Enter(s_a);\nif (n == 1)\n    return 7;\nif (n == 2)\n    throw new InvalidOperationException();\nif (n == 3)\n{\n    Monitor.Exit(s_a);\n    return s_count;\n}\ns_count++;\nMonitor.Exit(s_a);\nShow(\"out\");\nreturn n;")]
    [InlineData(typeof(ReleaseInFinallyCodeFixProvider), "for (int i = 0; i < n; i++)\n{\n    Monitor.Enter(s_a);\n    if (i == 1)\n        continue;\n    if (i == 3)\n        break;\n    Show(i);\n    Monitor.Exit(s_a);\n}\nreturn n;")]
    [InlineData(typeof(ReleaseInFinallyCodeFixProvider), "Monitor.Enter(s_b);\nif (n == 1)\n    return 7;\ntry\n{\n    Show(\"in\");\n    return 100 / (n - 2);\n}\nfinally\n{\n    Monitor.Exit(s_b);\n}")]
    [InlineData(typeof(ReleaseInFinallyCodeFixProvider), "var held = s_mutex.Lock();\nif (n == 1)\n    return 7;\nif (n == 4)\n    Show(100 / (n - 4));\nheld.Dispose();\nreturn s_count++;")]
    [InlineData(typeof(SwapAcquisitionsCodeFixProvider), "lock (s_b)\n    lock (s_a)\n        Show(\"both\", Monitor.IsEntered(s_a), Monitor.IsEntered(s_b), 100 / (n - 1));\nreturn n;")]
    [InlineData(typeof(SwapAcquisitionsCodeFixProvider), "lock (s_b)\n{\n    Show(\"first\");\n    if (n == 1)\n        return 5;\n    lock (s_a)\n    {\n        Show(\"both\", 100 / (n - 2));\n    }\n    Show(\"last\");\n}\nreturn n;")]
    [InlineData(typeof(SwapAcquisitionsCodeFixProvider), "Monitor.Enter(s_b);\ntry\n{\n    Monitor.Enter(s_a);\n    try\n    {\n        return 100 / (n - 2);\n    }\n    finally\n    {\n        Monitor.Exit(s_a);\n    }\n}\nfinally\n{\n    Monitor.Exit(s_b);\n}")]
    [InlineData(typeof(MoveWaitCodeFixProvider), "Show(\"before\");\nusing (Fence.BeginSignalling())\n{\n    int next = n + 1;\n    Wait(next);\n    s_count += next;\n    Show(\"after\");\n}\nreturn n;")]
    [InlineData(typeof(ConsumeCodeFixProvider), "var plan = Plan.Make();\nif (n == 1)\n    return plan.Size;\nreturn n;")]
    [InlineData(typeof(ConsumeCodeFixProvider), "var plan = Plan.Make();\nif (n == 1)\n    return 1;\nPlan.Execute(plan);\nreturn n;")]
    [InlineData(typeof(ReReadCodeFixProvider), "var entry = Peek(n);\nlock (s_b)\n{\n    s_count++;\n    Zap(n, entry);\n}\nreturn (int)entry;")]
    [InlineData(typeof(TakeReferenceCodeFixProvider), "Page page;\nlock (s_b)\n{\n    page = s_pages[n];\n}\nif (n == 2)\n    return -1;\nusing (page.Contents.Lock())\n    Show(page.Number, 100 / (n - 3));\nShow(\"done\");\nreturn n;")]
    public async Task The_program_prints_the_same(Type provider, string body)
    {
        var document = Open(body);
        var (before, _) = await RunAsync(document);
        Assert.Contains("result ", before, StringComparison.Ordinal);

        var changed = await FixAsync((CodeFixProvider)Activator.CreateInstance(provider)!, document);
        Assert.NotNull(changed);
        var (after, leaks) = await RunAsync(changed);
        Assert.Equal(before, after);
        Assert.False(leaks);
    }

    [Fact]
    public async Task The_leak_was_there_before()
    {
        var (_, leaks) = await RunAsync(Open("Monitor.Enter(s_a); if (n == 1) return 7; Monitor.Exit(s_a); return n;"));
        Assert.True(leaks);
    }

    static Document Open(string body)
    {
        var workspace = new AdhocWorkspace();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p));
        return workspace.AddProject("Test", LanguageNames.CSharp).WithMetadataReferences(references)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .AddDocument("Usings.cs", Vocabulary.Usings).Project
            .AddDocument("Vocabulary.cs", Vocabulary.Types).Project
            .AddDocument("Program.cs", Program.Replace("BODY", body.Replace("\n", "\n        ", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    static async Task<Document?> FixAsync(CodeFixProvider provider, Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync())!.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer()));
        var reports = (await compilation.GetAnalyzerDiagnosticsAsync()).Where(d => provider.FixableDiagnosticIds.Contains(d.Id));
        foreach (var report in reports)
        {
            CodeAction? offered = null;
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, report, (action, _) => offered ??= action, default));
            if (offered is not null)
            {
                var operations = await offered.GetOperationsAsync(default);
                return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id);
            }
        }

        return null;
    }

    static async Task<(string Output, bool Leaks)> RunAsync(Document document)
    {
        using var image = new MemoryStream();
        var result = (await document.Project.GetCompilationAsync())!.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        var context = new AssemblyLoadContext("run", isCollectible: true);
        var program = context.LoadFromStream(image).GetType("P")!;
        object? output = null, leaks = null;

        // A thread of its own: what it leaves held is nobody else's.
        var thread = new Thread(() =>
        {
            output = program.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, null);
            leaks = program.GetMethod("Leaks", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, null);
        });
        thread.Start();
        thread.Join();
        context.Unload();
        return ((string)output!, (bool)leaks!);
    }
}
