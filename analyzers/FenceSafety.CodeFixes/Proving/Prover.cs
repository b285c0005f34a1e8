using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.CodeFixes.Proving;

/// <summary>
/// Checks a fix before it is offered: the changed document has one report of the rule fewer, no other report more, and no new error or
/// warning of the compiler. The rules see through calls; no reasoning about one body could promise the same.
/// </summary>
sealed class Prover
{
    /// <summary>One for all providers: each asks what is said of the same unchanged document.</summary>
    public static Prover Shared { get; } = new();

    // One instance for all questions: it remembers what it knows of unchanged trees.
    readonly FenceSafetyAnalyzer _analyzer = new();
    readonly ConditionalWeakTable<Document, Reports> _known = new();

    public async Task<Reports> ReportsAsync(Document document, CancellationToken cancel)
    {
        if (_known.TryGetValue(document, out var known))
            return known;
        var reports = await AnalyzeAsync(document, cancel).ConfigureAwait(false);
        return _known.GetValue(document, _ => reports);
    }

    async Task<Reports> AnalyzeAsync(Document document, CancellationToken cancel)
    {
        var model = (await document.GetSemanticModelAsync(cancel).ConfigureAwait(false))!;
        var options = new CompilationWithAnalyzersOptions(
            document.Project.AnalyzerOptions, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var analysis = new CompilationWithAnalyzers(model.Compilation, ImmutableArray.Create<DiagnosticAnalyzer>(_analyzer), options);
        return new Reports(
            Compiler(model, cancel), await analysis.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, cancel).ConfigureAwait(false));
    }

    /// <summary>What is said of the changed document, if the change removes a report of the rule and adds nothing.</summary>
    public async Task<Reports?> ProveAsync(Reports before, Document changed, string id, CancellationToken cancel)
    {
        // The compiler first: it is quick to say no.
        if (await changed.GetSemanticModelAsync(cancel).ConfigureAwait(false) is not { } model
            || !IsNoWorse(before.Compiler, Compiler(model, cancel)))
        {
            return null;
        }
        var after = await ReportsAsync(changed, cancel).ConfigureAwait(false);
        return IsNoWorse(before.Analyzer, after.Analyzer) && Count(after.Analyzer, id) < Count(before.Analyzer, id) ? after : null;
    }

    static ImmutableArray<Diagnostic> Compiler(SemanticModel model, CancellationToken cancel) =>
        model.GetDiagnostics(cancellationToken: cancel).Where(static d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).ToImmutableArray();

    public static bool IsNoWorse(ImmutableArray<Diagnostic> before, ImmutableArray<Diagnostic> after) =>
        after.GroupBy(static d => d.Id).All(g => g.Count() <= Count(before, g.Key));

    public static int Count(ImmutableArray<Diagnostic> diagnostics, string id) => diagnostics.Count(d => d.Id == id);
}
