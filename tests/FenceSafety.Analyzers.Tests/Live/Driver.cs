using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.Live;

/// <summary>Runs the analyzer and tells everything it says, as text in order.</summary>
static class Driver
{
    public static async Task<string> AllAsync(
        DiagnosticAnalyzer analyzer, Compilation compilation, AnalyzerOptions options, CancellationToken cancel = default)
    {
        var crashes = new ConcurrentQueue<Exception>();
        var run = compilation.WithAnalyzers([analyzer], new CompilationWithAnalyzersOptions(
            options, (e, _, _) => crashes.Enqueue(e), concurrentAnalysis: true, logAnalyzerExecutionTime: false));
        var found = await run.GetAnalyzerDiagnosticsAsync(cancel);
        Assert.Empty(crashes);
        return string.Join('\n', found.Select(Text).Order(StringComparer.Ordinal));
    }

    /// <summary>One file, as an IDE asks while somebody types.</summary>
    public static async Task<int> FileAsync(DiagnosticAnalyzer analyzer, Compilation compilation, string path, AnalyzerOptions options)
    {
        var run = compilation.WithAnalyzers([analyzer], options);
        var tree = compilation.SyntaxTrees.Single(t => t.FilePath == path);
        return (await run.GetAnalyzerSemanticDiagnosticsAsync(run.Compilation.GetSemanticModel(tree), null, default)).Length;
    }

    static string Text(Diagnostic d) =>
        $"{d.Location.GetLineSpan()} {d.Id} {d.Severity} {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"
        + string.Concat(d.AdditionalLocations.Select(l => $" +{l.GetLineSpan()}"))
        + string.Concat(d.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $" {p.Key}={p.Value}"));
}
