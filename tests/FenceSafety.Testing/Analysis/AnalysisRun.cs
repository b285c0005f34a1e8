using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Testing.Analysis;

/// <summary>What one run over one compilation reported, apart from what is suppressed.</summary>
/// <param name="All">Every diagnostic of the analyzers.</param>
/// <param name="CompilationLevel">Those of them that Roslyn does not count as local to a document.</param>
sealed record AnalysisOutcome(ImmutableArray<Diagnostic> All, ImmutableArray<Diagnostic> CompilationLevel);

/// <summary>Runs analyzers and turns an exception that leaves one into a failure (what a build shows as AD0001).</summary>
sealed class AnalysisRun
{
    readonly ConcurrentQueue<(Exception Exception, DiagnosticAnalyzer Analyzer)> _crashes = new();
    readonly CompilationWithAnalyzers _driver;
    readonly string _when;

    public AnalysisRun(
        Compilation compilation, AnalyzerOptions options, ImmutableArray<DiagnosticAnalyzer> analyzers, bool concurrent, string when)
    {
        _when = when;
        _driver = compilation.WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(
            options,
            onAnalyzerException: (exception, analyzer, _) => _crashes.Enqueue((exception, analyzer)),
            concurrentAnalysis: concurrent,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: false));
    }

    /// <summary>The whole compilation, as a build does it.</summary>
    public async Task<AnalysisOutcome> AllAsync(CancellationToken cancel)
    {
        var result = await _driver.GetAnalysisResultAsync(cancel).ConfigureAwait(false);
        ThrowIfCrashed();
        return new AnalysisOutcome(
            Visible(result.GetAllDiagnostics()),
            Visible(result.CompilationDiagnostics.Values.SelectMany(d => d)));
    }

    /// <summary>One document alone, as an IDE does it while somebody types.</summary>
    public async Task<ImmutableArray<Diagnostic>> DocumentAsync(SyntaxTree tree, CancellationToken cancel)
    {
        var syntax = await _driver.GetAnalyzerSyntaxDiagnosticsAsync(tree, cancel).ConfigureAwait(false);
        var model = _driver.Compilation.GetSemanticModel(tree);
        var semantic = await _driver.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, cancel).ConfigureAwait(false);
        ThrowIfCrashed();
        return Visible(syntax.Concat(semantic));
    }

    static ImmutableArray<Diagnostic> Visible(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Where(d => !d.IsSuppressed)];

    void ThrowIfCrashed()
    {
        if (_crashes.TryPeek(out var crash))
        {
            throw new VerificationException($"{crash.Analyzer} threw ({_when}); a build would show AD0001.\n{crash.Exception}", crash.Exception);
        }
    }
}
