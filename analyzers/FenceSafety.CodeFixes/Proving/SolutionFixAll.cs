using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.CodeFixes.Proving;

/// <summary>A changed solution that is proved, and the key under which it is offered.</summary>
sealed record ProvenSolution(string Title, Solution Solution, string EquivalenceKey);

/// <summary>Fixes one diagnostic in the whole solution, or answers null.</summary>
delegate Task<ProvenSolution?> SolutionFixer(Document document, Diagnostic diagnostic, CancellationToken cancel);

/// <summary>Fix All for fixes that change several documents: one after the other, each on what the one before has left.</summary>
/// <param name="key">Only fixes with this key are made, whichever was chosen: others of the provider need somebody who looks at each.</param>
sealed class SolutionFixAll(SolutionFixer fixer, string key) : FixAllProvider
{
    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution };

    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext) => Task.FromResult<CodeAction?>(CodeAction.Create(
        "Fix all", cancel => FixAllAsync(fixAllContext.WithCancellationToken(cancel)), fixAllContext.CodeActionEquivalenceKey));

    async Task<Solution> FixAllAsync(FixAllContext context)
    {
        var solution = context.Solution;
        var projects = context.Scope == FixAllScope.Solution ? solution.ProjectIds.ToList() : new List<ProjectId> { context.Project.Id };
        foreach (var id in projects.Where(p => solution.GetProject(p)!.Language == LanguageNames.CSharp))
        {
            while (await NextAsync(context, solution.GetProject(id)!).ConfigureAwait(false) is { } next)
                solution = next;
        }
        return solution;
    }

    async Task<Solution?> NextAsync(FixAllContext context, Project project)
    {
        var reports = await SolutionProver.Shared.ReportsAsync(project, context.CancellationToken).ConfigureAwait(false);
        var open = reports.Analyzer.Where(d => d.Location.IsInSource && context.DiagnosticIds.Contains(d.Id))
            .OrderBy(static d => d.Location.SourceTree!.FilePath, StringComparer.Ordinal)
            .ThenBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Location.SourceSpan.End);
        foreach (var diagnostic in open)
        {
            if (project.GetDocument(diagnostic.Location.SourceTree) is { } document
                && (context.Scope != FixAllScope.Document || document.Id == context.Document!.Id)
                && await fixer(document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } fix
                && fix.EquivalenceKey == key)
            {
                return fix.Solution;
            }
        }
        return null;
    }
}
