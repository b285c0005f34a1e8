using System.Collections.Immutable;
using FenceSafety.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>
/// Checks a fix before it is offered, in the whole project: one report of the rule fewer, no other report more, and nothing new from the
/// compiler in the changed document. A lock order or an annotation has consequences in files that the fix does not touch.
/// </summary>
sealed class ProjectProver
{
    // One instance for the life of the provider: it remembers what it knows of unchanged trees.
    readonly FenceSafetyAnalyzer _analyzer = new();

    public async Task<ImmutableArray<Diagnostic>> ReportsAsync(Project project, CancellationToken cancel)
    {
        if (await project.GetCompilationAsync(cancel).ConfigureAwait(false) is not { } compilation)
            return ImmutableArray<Diagnostic>.Empty;
        var options = new CompilationWithAnalyzersOptions(
            project.AnalyzerOptions, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var analysis = new CompilationWithAnalyzers(compilation, ImmutableArray.Create<DiagnosticAnalyzer>(_analyzer), options);
        return await analysis.GetAnalyzerDiagnosticsAsync(cancel).ConfigureAwait(false);
    }

    /// <param name="reports">The reports of the site's project, as it is.</param>
    public async Task<bool> AcceptsAsync(Site site, ImmutableArray<Diagnostic> reports, Change change, CancellationToken cancel)
    {
        // The compiler first: it is quick to say no.
        var original = site.Document.Project.Solution.GetDocument(change.Changed.Id)!;
        if (await IsUnchangedAsync(original, change.Changed, cancel).ConfigureAwait(false)
            || !IsNoWorse(await CompilerAsync(original, cancel).ConfigureAwait(false), await CompilerAsync(change.Changed, cancel).ConfigureAwait(false)))
        {
            return false;
        }
        var changed = change.Changed.Project.Solution;
        var after = await ReportsAsync(changed.GetProject(site.Document.Project.Id)!, cancel).ConfigureAwait(false);
        if (!IsNoWorse(reports, after) || Count(after, site.Diagnostic.Id) >= Count(reports, site.Diagnostic.Id))
            return false;
        if (change.Changed.Project.Id == site.Document.Project.Id)
            return true;
        var other = await ReportsAsync(original.Project, cancel).ConfigureAwait(false);
        return IsNoWorse(other, await ReportsAsync(change.Changed.Project, cancel).ConfigureAwait(false));
    }

    static async Task<bool> IsUnchangedAsync(Document original, Document changed, CancellationToken cancel) =>
        (await original.GetTextAsync(cancel).ConfigureAwait(false)).ContentEquals(await changed.GetTextAsync(cancel).ConfigureAwait(false));

    static async Task<ImmutableArray<Diagnostic>> CompilerAsync(Document document, CancellationToken cancel) =>
        (await document.GetSemanticModelAsync(cancel).ConfigureAwait(false))!.GetDiagnostics(cancellationToken: cancel)
            .Where(static d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).ToImmutableArray();

    static bool IsNoWorse(ImmutableArray<Diagnostic> before, ImmutableArray<Diagnostic> after) =>
        after.GroupBy(static d => d.Id).All(g => g.Count() <= Count(before, g.Key));

    static int Count(ImmutableArray<Diagnostic> diagnostics, string id) => diagnostics.Count(d => d.Id == id);
}
