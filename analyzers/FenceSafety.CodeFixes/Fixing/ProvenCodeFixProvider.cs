using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>A provider whose fixes are offered only if <see cref="ProjectProver"/> accepts what they do.</summary>
public abstract class ProvenCodeFixProvider : CodeFixProvider
{
    readonly ProjectProver _prover = new();

    private protected ProvenCodeFixProvider()
    {
    }

    /// <summary>Begins the equivalence keys; a change's kind follows.</summary>
    private protected abstract string Key { get; }

    /// <summary>Fixes to try, the safest first. Of one kind the first that is proved is offered.</summary>
    private protected abstract IEnumerable<Change> Changes(Site site);

    private protected virtual CodeActionPriority Priority => CodeActionPriority.Default;

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => new InTurn(this);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        ImmutableArray<Diagnostic>? reports = null;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await Site.OfAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { } site)
                continue;
            var offered = new HashSet<string>();
            foreach (var change in Changes(site))
            {
                reports ??= await ReportsAsync(context.Document.Project, context.CancellationToken).ConfigureAwait(false);
                if (offered.Contains(change.Kind) || !await _prover.AcceptsAsync(site, reports.Value, change, context.CancellationToken).ConfigureAwait(false))
                    continue;
                offered.Add(change.Kind);
                context.RegisterCodeFix(
                    CodeAction.Create(change.Title, _ => Task.FromResult(change.Changed.Project.Solution), KeyOf(change), Priority), diagnostic);
            }
        }
    }

    internal Task<ImmutableArray<Diagnostic>> ReportsAsync(Project project, CancellationToken cancel) => _prover.ReportsAsync(project, cancel);

    /// <summary>
    /// The solution after the fix with this key for this report, or null. Without a key the first: <c>dotnet format</c> asks with the key of
    /// what is offered for the first report, and has none if that is nothing.
    /// </summary>
    internal async Task<Solution?> FixAsync(Document document, Diagnostic diagnostic, ImmutableArray<Diagnostic> reports, string? key, CancellationToken cancel)
    {
        if (await Site.OfAsync(document, diagnostic, cancel).ConfigureAwait(false) is not { } site)
            return null;
        foreach (var change in Changes(site))
        {
            if ((key is null || KeyOf(change) == key) && await _prover.AcceptsAsync(site, reports, change, cancel).ConfigureAwait(false))
                return change.Changed.Project.Solution;
        }
        return null;
    }

    string KeyOf(Change change) => change.Kind.Length == 0 ? Key : Key + "." + change.Kind;
}
