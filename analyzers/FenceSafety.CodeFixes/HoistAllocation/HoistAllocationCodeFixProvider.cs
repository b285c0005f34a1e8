using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.CodeFixes.HoistAllocation;

/// <summary>
/// Moves an allocation, with the declarations it needs, before the acquisition of the lock that it is made under. Offered only where
/// nothing under the lock can tell the difference, and the analyzer confirms that the report is gone and no other has come.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HoistAllocationCodeFixProvider)), Shared]
public sealed class HoistAllocationCodeFixProvider : CodeFixProvider
{
    /// <summary>One key for every lock, so that Fix All takes them all.</summary>
    const string EquivalenceKey = "FenceSafety.HoistAllocation";

    readonly Prover _prover = new();

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE004", "FENCE006");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new OneAfterTheOther(FixAsync, _prover);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FixAsync(context.Document, diagnostic, reports: null, context.CancellationToken).ConfigureAwait(false) is not { } fix)
                continue;
            var action = CodeAction.Create(fix.Title, _ => Task.FromResult(fix.Document), EquivalenceKey);
            context.RegisterCodeFix(action, diagnostic);
        }
    }

    /// <summary>The first of the possible places, from the inside out, at which the report is gone.</summary>
    async Task<ProvenFix?> FixAsync(Document document, Diagnostic diagnostic, Reports? reports, CancellationToken cancel)
    {
        if (!IsAllocation(diagnostic)
            || await document.GetSemanticModelAsync(cancel).ConfigureAwait(false) is not { } model
            || Target.Find(model, diagnostic.Location.SourceSpan, cancel) is not { } target)
        {
            return null;
        }
        foreach (var way in new WayOut(model, target, cancel).Places())
        {
            if (Rewriter.Apply(model, target, way, cancel) is not { } text)
                continue;
            reports ??= await _prover.ReportsAsync(document, cancel).ConfigureAwait(false);
            var changed = document.WithText(text);
            if (await _prover.ProveAsync(reports, changed, diagnostic.Id, cancel).ConfigureAwait(false) is { } after)
                return new ProvenFix(way.Title(target), changed, after);
        }
        return null;
    }

    /// <summary>A wait is not moved: what it waits for may be what the lock guards.</summary>
    static bool IsAllocation(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue("kind", out string? kind) && kind switch
    {
        "blocking" => true,
        // FENCE006 has one kind for all that blocks, and says besides what it is.
        "atomic" => diagnostic.Properties.TryGetValue("effect", out string? effect) && effect is "allocation" or "managed",
        _ => false,
    };
}
