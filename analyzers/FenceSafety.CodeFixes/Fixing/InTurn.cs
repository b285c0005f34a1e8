using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>
/// Fix All as a person would do it: one report, then the first of what is left, across documents. Fixed apart and merged, both ends of
/// one lock-order inversion would be swapped, and nothing gained.
/// </summary>
sealed class InTurn(ProvenCodeFixProvider provider) : FixAllProvider
{
    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution };

    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext) => Task.FromResult<CodeAction?>(
        CodeAction.Create("Fix all", cancel => FixAsync(fixAllContext.WithCancellationToken(cancel)), fixAllContext.CodeActionEquivalenceKey));

    async Task<Solution> FixAsync(FixAllContext context)
    {
        var projects = context.Scope == FixAllScope.Solution ? context.Solution.Projects : new[] { context.Project };
        var solution = context.Solution;
        foreach (var id in projects.Where(p => p.Language == context.Project.Language).Select(static p => p.Id))
        {
            while (await NextAsync(context, solution.GetProject(id)!).ConfigureAwait(false) is { } changed)
                solution = changed;
        }
        return solution;
    }

    /// <summary>The solution after one more fix.</summary>
    async Task<Solution?> NextAsync(FixAllContext context, Project project)
    {
        var cancel = context.CancellationToken;
        var reports = await provider.ReportsAsync(project, cancel).ConfigureAwait(false);
        foreach (var diagnostic in InScope(context, project, reports))
        {
            var document = project.Solution.GetDocument(diagnostic.Location.SourceTree);
            if (document is not null
                && await provider.FixAsync(document, diagnostic, reports, context.CodeActionEquivalenceKey, cancel).ConfigureAwait(false) is { } changed)
            {
                return changed;
            }
        }
        return null;
    }

    static IEnumerable<Diagnostic> InScope(FixAllContext context, Project project, ImmutableArray<Diagnostic> reports) => reports
        .Where(d => d.Location.IsInSource && context.DiagnosticIds.Contains(d.Id))
        .Where(d => context.Scope != FixAllScope.Document || project.Solution.GetDocument(d.Location.SourceTree)?.Id == context.Document!.Id)
        .OrderBy(static d => d.Location.SourceTree!.FilePath, StringComparer.Ordinal)
        .ThenBy(static d => d.Location.SourceSpan.Start)
        .ThenBy(static d => d.Location.SourceSpan.End);
}
