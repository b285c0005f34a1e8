using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Applies fixes to a program as long as any is offered, and checks that <c>P.Run()</c> returns the same text after each.</summary>
static class FixedProgram
{
    /// <summary>A log, for programs whose allocators tell of every call.</summary>
    public const string Log = """
        static class Log
        {
            static readonly object s_own = new();
            static readonly StringWriter s_out = new();

            public static void Add(string line)
            {
                lock (s_own)
                    s_out.WriteLine(line);
            }

            public static string Text() => s_out.ToString();
        }
        """;

    /// <summary>How many fixes were applied.</summary>
    /// <param name="only">The rule whose reports are fixed; by default all that the provider can fix.</param>
    public static async Task<int> PrintsTheSameAsync(string program, CodeFixProvider provider, string? only = null)
    {
        using var workspace = new AdhocWorkspace();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var project = workspace.CurrentSolution.AddProject("Test", "Test", LanguageNames.CSharp).WithMetadataReferences(references)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true))
            .AddDocument("Usings.cs", Vocabulary.Usings + "\nglobal using System.IO;").Project
            .AddDocument("Vocabulary.cs", Vocabulary.Types).Project;
        var document = project.AddDocument("Program.cs", program);
        string before = await RunAsync(document);
        Assert.NotEmpty(before);
        int applied = 0;
        while (await ApplyAsync(document, provider, only) is { } changed)
        {
            document = changed;
            applied++;
            Assert.Equal(before, await RunAsync(document));
        }

        return applied;
    }

    static async Task<Document?> ApplyAsync(Document document, CodeFixProvider provider, string? only)
    {
        var compilation = (await document.Project.GetCompilationAsync())!.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer()));
        var reports = (await compilation.GetAnalyzerDiagnosticsAsync())
            .Where(d => (only is null || d.Id == only) && provider.FixableDiagnosticIds.Contains(d.Id) && document.Project.Solution.GetDocument(d.Location.SourceTree)?.Id == document.Id)
            .OrderBy(d => d.Location.SourceSpan.Start);
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

    static async Task<string> RunAsync(Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync())!;
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics) + "\n" + await document.GetTextAsync());
        image.Position = 0;
        var context = new AssemblyLoadContext("run", isCollectible: true);
        var run = context.LoadFromStream(image).GetType("P")!.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
        string output = (string)run.Invoke(null, null)!;
        context.Unload();
        return output;
    }
}
