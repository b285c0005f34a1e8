using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.HoistAllocation;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>
/// Splits what critical code does into prepare and execute: the allocated value becomes a parameter, its callers make it, and where they
/// are critical too, theirs.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LiftAllocationCodeFixProvider)), Shared]
public sealed class LiftAllocationCodeFixProvider : CodeFixProvider
{
    const string Key = "FenceSafety.LiftAllocation";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE001", "FENCE011");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new SolutionFixAll(FixAsync, Key);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FixAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { } fix)
                continue;
            // A public signature is changed only where somebody looks at it: Fix All leaves those with the other key.
            context.RegisterCodeFix(CodeAction.Create(fix.Title, _ => Task.FromResult(fix.Solution), fix.EquivalenceKey), diagnostic);
        }
    }

    static async Task<ProvenSolution?> FixAsync(Document document, Diagnostic diagnostic, CancellationToken cancel)
    {
        // From the critical function inwards: what is made by a helper may be lifted as a whole.
        foreach (var location in diagnostic.AdditionalLocations.Prepend(diagnostic.Location))
        {
            if (document.Project.Solution.GetDocument(location.SourceTree) is { } home
                && await FixAsync(home, location.SourceSpan, diagnostic, cancel).ConfigureAwait(false) is { } fix)
            {
                return fix;
            }
        }
        return null;
    }

    static async Task<ProvenSolution?> FixAsync(Document document, TextSpan span, Diagnostic diagnostic, CancellationToken cancel)
    {
        var solution = document.Project.Solution;
        var root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        if (root.FindNode(span, getInnermostNodeForTie: true) is not ExpressionSyntax reported || reported.Span != span)
            return null;
        string what = Target.NameOf(reported);
        bool isBoxed = diagnostic.Properties.TryGetValue("kind", out string? kind) && kind == "boxing";
        if (await LiftChain.RunAsync(document, reported, isBoxed, diagnostic.Id, cancel).ConfigureAwait(false) is not { } steps)
            return null;
        var after = steps[steps.Count - 1].Solution;
        if (!await SolutionProver.Shared.ProvesAsync(solution, after, diagnostic.Id, cancel).ConfigureAwait(false))
            return null;
        bool isPublic = steps.Any(static s => s.IsPublicApi);
        return new ProvenSolution(Title(what, steps, isPublic), after, isPublic ? Key + ".PublicApi" : Key);
    }

    static string Title(string what, List<Lifted> steps, bool isPublic)
    {
        return "Let the callers of " + LiftChain.Functions(steps) + " allocate '" + what + "' and pass '" + steps[0].Parameter + "'"
            + (isPublic ? " (changes the public API)" : steps[steps.Count - 1].Calls == 0 ? " (nothing calls it yet)" : "");
    }
}
