using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.Robustness;

/// <summary>Runs the analyzer on code of any kind: what it says does not matter here, only that it says it, and in time.</summary>
static class Robust
{
    /// <summary>A hang, on the slowest build server; nothing here takes a tenth of it.</summary>
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(FenceCriticalAttribute).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Set to 1, every prefix and every token is tried, which takes hours; else some, the same each time.</summary>
    public static bool All => Environment.GetEnvironmentVariable("FENCE_SAFETY_EVERY_VARIANT") == "1";

    /// <summary>The scenarios of the rules, and the files that all of them use, by name.</summary>
    public static IReadOnlyDictionary<string, string> Scenarios()
    {
        using var reader = new StreamReader(typeof(Robust).Assembly.GetManifestResourceStream("Scenarios.txt")!);
        return ("\n" + reader.ReadToEnd().ReplaceLineEndings("\n")).Split("\n=== ").Skip(1)
            .ToDictionary(static file => file[..file.IndexOf('\n', StringComparison.Ordinal)], static file => file[(file.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Robust",
        sources.Select(static s => CSharpSyntaxTree.ParseText(s, new CSharpParseOptions(LanguageVersion.CSharp13))).ToList(),
        s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    /// <summary>The IDs that are reported. Fails if an exception leaves the analyzer, or if it does not end.</summary>
    public static async Task<IReadOnlyList<string>> AnalyzeAsync(Compilation compilation, string what)
    {
        var thrown = new ConcurrentQueue<Exception>();
        var run = compilation.WithAnalyzers(
            [new FenceSafetyAnalyzer()],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]), (e, _, _) => thrown.Enqueue(e), concurrentAnalysis: true, logAnalyzerExecutionTime: false));
        var found = await Task.Run(() => run.GetAnalyzerDiagnosticsAsync()).WaitAsync(s_limit);
        Assert.True(thrown.IsEmpty, $"{what}: a build would show AD0001.\n{thrown.FirstOrDefault()}");
        return [.. found.Select(static d => d.Id)];
    }
}
