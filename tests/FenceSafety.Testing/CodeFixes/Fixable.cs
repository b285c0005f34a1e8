using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Testing.CodeFixes;

/// <summary>A diagnostic for which the wanted fix is offered.</summary>
sealed record Fixable(Diagnostic Diagnostic, Document Document, CodeAction Action)
{
    /// <summary>Diagnostics that the wanted fix is offered for, by file and position, and what else was offered.</summary>
    public static async Task<(List<Fixable> Fixables, List<string> Refused)> FindAsync(
        Solution solution, IEnumerable<Diagnostic> diagnostics, CodeFixProvider provider, FixChoice choice, CancellationToken cancel)
    {
        var fixables = new List<Fixable>();
        var refused = new List<string>();
        var ordered = Candidates(diagnostics, provider.FixableDiagnosticIds)
            .OrderBy(d => d.Location.SourceTree!.FilePath, StringComparer.Ordinal)
            .ThenBy(d => d.Location.SourceSpan.Start)
            .ThenBy(d => d.Location.SourceSpan.End)
            .ThenBy(d => d.Id, StringComparer.Ordinal);
        foreach (var diagnostic in ordered)
        {
            if (solution.GetDocument(diagnostic.Location.SourceTree) is not { } document)
            {
                continue;
            }

            var offered = await FixChoice.OfferedAsync(provider, document, diagnostic, cancel).ConfigureAwait(false);
            if (choice.Of(offered) is { } action)
            {
                fixables.Add(new Fixable(diagnostic, document, action));
            }
            else
            {
                string titles = string.Join(", ", offered.Select(a => $"'{a.Title}' ({a.EquivalenceKey ?? "no key"})"));
                refused.Add($"{Analysis.DiagnosticText.Describe(diagnostic)}: {(titles.Length == 0 ? "no fix" : titles)}");
            }
        }

        return (fixables, refused);
    }

    static IEnumerable<Diagnostic> Candidates(IEnumerable<Diagnostic> diagnostics, ImmutableArray<string> ids)
        => diagnostics.Where(d => d.Location.IsInSource && ids.Contains(d.Id));
}
