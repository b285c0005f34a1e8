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
    const int MostSteps = 12;

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
        var steps = new List<Lifted>();
        var open = new List<SyntaxAnnotation>();
        while (true)
        {
            var model = (await document.GetSemanticModelAsync(cancel).ConfigureAwait(false))!;
            if (steps.Count == MostSteps || LiftTarget.Find(model, reported, isBoxed, cancel) is not { } target
                || await Lifter.LiftAsync(document.Project.Solution, target, cancel).ConfigureAwait(false) is not { } step)
            {
                return null;
            }
            steps.Add(step);
            open.Add(step.Mark);
            if (await NextAsync(step.Solution, open, diagnostic.Id, cancel).ConfigureAwait(false) is not var (next, expression))
                break;
            (document, reported) = (next, expression);
        }
        var after = steps[steps.Count - 1].Solution;
        if (!await SolutionProver.Shared.ProvesAsync(solution, after, diagnostic.Id, cancel).ConfigureAwait(false))
            return null;
        bool isPublic = steps.Any(static s => s.IsPublicApi);
        return new ProvenSolution(Title(what, steps, isPublic), after, isPublic ? Key + ".PublicApi" : Key);
    }

    /// <summary>A value that was lifted into a caller that is critical as well.</summary>
    static async Task<(Document Document, ExpressionSyntax Expression)?> NextAsync(Solution solution, List<SyntaxAnnotation> marks, string id, CancellationToken cancel)
    {
        foreach (var project in solution.Projects)
        {
            foreach (var document in project.Documents)
            {
                if (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false) is not { ContainsAnnotations: true } root)
                    continue;
                var lifted = marks.SelectMany(root.GetAnnotatedNodes).OfType<ExpressionSyntax>().ToList();
                if (lifted.Count == 0)
                    continue;
                var reports = await SolutionProver.Shared.ReportsAsync(project, cancel).ConfigureAwait(false);
                var reported = reports.Analyzer.Where(d => d.Id == id).SelectMany(static d => d.AdditionalLocations.Prepend(d.Location))
                    .Where(l => l.SourceTree == root.SyntaxTree).Select(static l => l.SourceSpan).ToList();
                if (lifted.FirstOrDefault(e => reported.Any(r => e.Span.Contains(r))) is { } expression)
                    return (document, expression);
            }
        }
        return null;
    }

    static string Title(string what, List<Lifted> steps, bool isPublic)
    {
        var functions = steps.Select(static s => "'" + s.Function + "'").Distinct().ToList();
        string list = functions.Count > 3 ? functions[0] + " and " + (functions.Count - 1).ToString(System.Globalization.CultureInfo.InvariantCulture) + " more" : string.Join(" and ", functions);
        return "Let the callers of " + list + " allocate '" + what + "' and pass '" + steps[0].Parameter + "'" + (isPublic ? " (changes the public API)" : "");
    }
}
