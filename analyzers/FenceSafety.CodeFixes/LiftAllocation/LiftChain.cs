using System.Globalization;
using FenceSafety.CodeFixes.Proving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FenceSafety.CodeFixes.LiftAllocation;

/// <summary>Lifts a value again and again, until no function that makes it is critical.</summary>
static class LiftChain
{
    const int MostSteps = 12;

    /// <summary>All steps, the last with the final solution; null if one is not possible. Not proved.</summary>
    public static async Task<List<Lifted>?> RunAsync(Document document, ExpressionSyntax reported, bool isBoxed, string id, CancellationToken cancel)
    {
        var steps = new List<Lifted>();
        while (true)
        {
            var model = (await document.GetSemanticModelAsync(cancel).ConfigureAwait(false))!;
            if (steps.Count == MostSteps || LiftTarget.Find(model, reported, isBoxed, cancel) is not { } target
                || await Lifter.LiftAsync(document.Project.Solution, target, cancel).ConfigureAwait(false) is not { } step)
            {
                return null;
            }
            steps.Add(step);
            if (await NextAsync(step.Solution, steps.Select(static s => s.Mark).ToList(), id, cancel).ConfigureAwait(false) is not var (next, expression))
                return steps;
            (document, reported) = (next, expression);
        }
    }

    /// <summary>What the title calls them.</summary>
    public static string Functions(List<Lifted> steps)
    {
        var names = steps.Select(static s => "'" + s.Function + "'").Distinct().ToList();
        return names.Count > 3 ? names[0] + " and " + (names.Count - 1).ToString(CultureInfo.InvariantCulture) + " more" : string.Join(" and ", names);
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
}
