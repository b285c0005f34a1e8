using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.CodeFixes.Proving;

/// <summary>
/// Fix All as a person would do it: the first fixable report of a document, then the first of what is left. Merging fixes that were made
/// independently would lose one of two that change the same place, and never offer one that another makes possible.
/// </summary>
sealed class OneAfterTheOther(Fixer fixer, Prover prover) : DocumentBasedFixAllProvider
{
    protected override async Task<Document?> FixAllAsync(FixAllContext fixAllContext, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        var cancel = fixAllContext.CancellationToken;
        var ids = diagnostics.Select(static d => d.Id).ToImmutableHashSet();
        Reports? reports = null;
        var open = diagnostics;
        while (true)
        {
            ProvenFix? fix = null;
            foreach (var diagnostic in open.OrderBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Location.SourceSpan.End))
            {
                reports ??= await prover.ReportsAsync(document, cancel).ConfigureAwait(false);
                fix = await fixer(document, diagnostic, reports, cancel).ConfigureAwait(false);
                if (fix is not null)
                    break;
            }
            if (fix is null)
                return document;
            document = fix.Document;
            reports = fix.Reports;
            open = reports.Analyzer.Where(d => ids.Contains(d.Id)).ToImmutableArray();
        }
    }
}
