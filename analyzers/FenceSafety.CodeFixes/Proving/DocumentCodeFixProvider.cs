using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.Proving;

/// <summary>A change of one document that may be offered, if it can be proved.</summary>
sealed record Candidate(string Title, SourceText Text);

/// <summary>
/// One kind of fix within one document. Offers for each diagnostic the first candidate that the <see cref="Prover"/> confirms, under one
/// key, so that Fix All takes them all. Kinds are providers of their own: a batch command applies the first action of each provider.
/// </summary>
public abstract class DocumentCodeFixProvider : CodeFixProvider
{
    /// <summary>The same for all fixes of the kind, whatever names their titles contain.</summary>
    private protected abstract string EquivalenceKey { get; }

    /// <summary>What may be done, best first. Cheap refusals belong here: each candidate that is taken costs an analysis.</summary>
    private protected abstract IEnumerable<Candidate> Candidates(SemanticModel model, Diagnostic diagnostic, CancellationToken cancel);

    /// <summary>Whether a batch may do it, and nobody look at each.</summary>
    private protected virtual bool FixesAll => true;

    /// <inheritdoc/>
    public sealed override FixAllProvider? GetFixAllProvider() => FixesAll ? new OneAfterTheOther(FixAsync, Prover.Shared) : null;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FixAsync(context.Document, diagnostic, reports: null, context.CancellationToken).ConfigureAwait(false) is { } fix)
                context.RegisterCodeFix(CodeAction.Create(fix.Title, _ => Task.FromResult(fix.Document), EquivalenceKey), diagnostic);
        }
    }

    async Task<ProvenFix?> FixAsync(Document document, Diagnostic diagnostic, Reports? reports, CancellationToken cancel)
    {
        if (await document.GetSemanticModelAsync(cancel).ConfigureAwait(false) is not { } model)
            return null;
        foreach (var candidate in Candidates(model, diagnostic, cancel))
        {
            reports ??= await Prover.Shared.ReportsAsync(document, cancel).ConfigureAwait(false);
            var changed = document.WithText(candidate.Text);
            if (await Prover.Shared.ProveAsync(reports, changed, diagnostic.Id, cancel).ConfigureAwait(false) is { } after)
                return new ProvenFix(candidate.Title, changed, after);
        }
        return null;
    }
}
