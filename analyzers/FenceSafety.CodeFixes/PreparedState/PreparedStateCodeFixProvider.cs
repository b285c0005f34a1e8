using System.Collections.Immutable;
using System.Composition;
using FenceSafety.CodeFixes.LiftAllocation;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.PreparedState;

/// <summary>
/// All that one critical method allocates becomes one parameter: a struct whose static Prepare method makes it. It brings a new type into
/// the program, whose name and place somebody should look at, so there is no Fix All.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PreparedStateCodeFixProvider)), Shared]
public sealed class PreparedStateCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("FENCE001", "FENCE011");

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FixAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } fix)
                context.RegisterCodeFix(CodeAction.Create(fix.Title, _ => Task.FromResult(fix.Solution), fix.EquivalenceKey), diagnostic);
        }
    }

    static async Task<ProvenSolution?> FixAsync(Document document, Diagnostic diagnostic, CancellationToken cancel)
    {
        var root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        var method = root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>();
        if (method is not { TypeParameterList: null, Parent: ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax })
            return null;
        var reports = await SolutionProver.Shared.ReportsAsync(document.Project, cancel).ConfigureAwait(false);
        var model = (await document.GetSemanticModelAsync(cancel).ConfigureAwait(false))!;
        var values = Values(reports, method, model, cancel);
        if (values.Count < 2 || values.All(v => v.Reported.Span != diagnostic.Location.SourceSpan))
            return null;
        if (PreparedStruct.Write(root, method, values, model, cancel) is not { } prepared)
            return null;
        var changed = document.WithSyntaxRoot(prepared.Root);
        var made = (ExpressionSyntax)(await changed.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!.GetAnnotatedNodes(prepared.Made).First();
        if (await LiftChain.RunAsync(changed, made, isBoxed: false, diagnostic.Id, cancel).ConfigureAwait(false) is not { } steps)
            return null;
        var after = steps[steps.Count - 1].Solution;
        if (!await SolutionProver.Shared.ProvesAsync(document.Project.Solution, after, diagnostic.Id, cancel).ConfigureAwait(false))
            return null;
        string title = "Let the callers of " + LiftChain.Functions(steps) + " prepare " + string.Join(" and ", prepared.Members.Select(static m => "'" + m + "'"))
            + " in a struct '" + prepared.Name + "'" + (steps.Any(static s => s.IsPublicApi) ? " (changes the public API)" : "");
        return new ProvenSolution(title, after, "FenceSafety.PreparedState");
    }

    /// <summary>What the method is reported to allocate and its callers could, in the order in which it is made.</summary>
    static List<LiftTarget> Values(Reports reports, MethodDeclarationSyntax method, SemanticModel model, CancellationToken cancel)
    {
        var values = new List<LiftTarget>();
        foreach (var report in reports.Analyzer
            .Where(d => d.Id is "FENCE001" or "FENCE011" && d.Location.SourceTree == method.SyntaxTree && method.Span.Contains(d.Location.SourceSpan))
            .OrderBy(static d => d.Location.SourceSpan.Start))
        {
            var node = method.SyntaxTree.GetRoot(cancel).FindNode(report.Location.SourceSpan, getInnermostNodeForTie: true);
            if (node is ExpressionSyntax reported && reported.Span == report.Location.SourceSpan && values.All(v => !v.Syntax.Span.Contains(reported.Span))
                && LiftTarget.Find(model, reported, Sink.IsKind(report, "boxing"), cancel, values.Select(static v => v.Syntax)) is { } target
                && target.Function == method && target.Syntax is not AwaitExpressionSyntax)
            {
                values.Add(target);
            }
        }
        return values;
    }
}
