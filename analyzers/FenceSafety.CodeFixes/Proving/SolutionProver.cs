using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FenceSafety.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.CodeFixes.Proving;

/// <summary>
/// Checks a fix that changes several documents, in every project that it changes and every one that references those: a call that was
/// not found shows as an error there.
/// </summary>
sealed class SolutionProver
{
    public static SolutionProver Shared { get; } = new();

    readonly FenceSafetyAnalyzer _analyzer = new();
    readonly ConditionalWeakTable<Compilation, Reports> _known = new();

    public async Task<Reports> ReportsAsync(Project project, CancellationToken cancel)
    {
        var compilation = (await project.GetCompilationAsync(cancel).ConfigureAwait(false))!;
        if (_known.TryGetValue(compilation, out var known))
            return known;
        var options = new CompilationWithAnalyzersOptions(
            project.AnalyzerOptions, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var analysis = new CompilationWithAnalyzers(compilation, ImmutableArray.Create<DiagnosticAnalyzer>(_analyzer), options);
        var compiler = compilation.GetDiagnostics(cancel).Where(static d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).ToImmutableArray();
        var reports = new Reports(compiler, await analysis.GetAnalyzerDiagnosticsAsync(cancel).ConfigureAwait(false));
        return _known.GetValue(compilation, _ => reports);
    }

    /// <summary>The change removes a report of the rule, and adds none and no error or warning of the compiler, in any project.</summary>
    public async Task<bool> ProvesAsync(Solution before, Solution after, string id, CancellationToken cancel)
    {
        int was = 0, remain = 0;
        foreach (var project in Affected(before, after))
        {
            var old = await ReportsAsync(project, cancel).ConfigureAwait(false);
            var now = await ReportsAsync(after.GetProject(project.Id)!, cancel).ConfigureAwait(false);
            if (!Prover.IsNoWorse(old.Compiler, now.Compiler) || !Prover.IsNoWorse(old.Analyzer, now.Analyzer))
                return false;
            was += Prover.Count(old.Analyzer, id);
            remain += Prover.Count(now.Analyzer, id);
        }
        return remain < was;
    }

    static IEnumerable<Project> Affected(Solution before, Solution after)
    {
        var changed = after.GetChanges(before).GetProjectChanges().Select(static c => c.ProjectId).ToList();
        var graph = before.GetProjectDependencyGraph();
        return changed.Concat(changed.SelectMany(graph.GetProjectsThatTransitivelyDependOnThisProject)).Distinct()
            .Select(id => before.GetProject(id)!).Where(static p => p.Language == LanguageNames.CSharp);
    }
}
