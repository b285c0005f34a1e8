using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Testing.CodeFixes;

/// <summary>Applies the wanted fix to one diagnostic after the other, and judges each application.</summary>
sealed class SingleFixRunner(
    CodeFixProvider provider,
    FixChoice choice,
    CodeFixTestBehaviors behaviors,
    Func<Solution, CancellationToken, Task<List<Diagnostic>>> analyze)
{
    /// <summary>How often a fix was applied.</summary>
    public int Applied { get; private set; }

    /// <summary>Diagnostics for which the wanted fix was not offered at first, with what was offered.</summary>
    public List<string> Refused { get; private set; } = [];

    public async Task<Solution> RunAsync(Solution solution, int? limit, CancellationToken cancel)
    {
        var before = await analyze(solution, cancel).ConfigureAwait(false);
        (var fixables, Refused) = await Fixable.FindAsync(solution, before, provider, choice, cancel).ConfigureAwait(false);
        bool one = behaviors.HasFlag(CodeFixTestBehaviors.FixOne);
        int most = one ? 1 : limit ?? fixables.Count;
        while (fixables.Count > 0 && !(one && Applied == 1))
        {
            if (Applied == most)
            {
                throw new VerificationException(
                    $"The fix was applied {most} time(s) and is still offered, for {Analysis.DiagnosticText.Describe(fixables[0].Diagnostic)}");
            }

            solution = await SolutionTexts.ApplyAsync(fixables[0].Action, solution, cancel).ConfigureAwait(false);
            Applied++;
            var after = await analyze(solution, cancel).ConfigureAwait(false);
            await JudgeAsync(fixables[0], before, after, solution, cancel).ConfigureAwait(false);
            before = after;
            (fixables, _) = await Fixable.FindAsync(solution, before, provider, choice, cancel).ConfigureAwait(false);
        }

        return solution;
    }

    async Task JudgeAsync(Fixable fix, List<Diagnostic> before, List<Diagnostic> after, Solution fixedSolution, CancellationToken cancel)
    {
        var counts = before.CountBy(d => d.Id).ToDictionary();
        var more = after.CountBy(d => d.Id).Where(c => c.Value > counts.GetValueOrDefault(c.Key)).Select(c => c.Key).ToHashSet();
        var errors = after.Where(d => d.Severity == DiagnosticSeverity.Error && more.Contains(d.Id)).ToList();
        if (errors.Count > 0)
        {
            throw await FailAsync("The fixed code does not compile", errors).ConfigureAwait(false);
        }

        string id = fix.Diagnostic.Id;
        if (behaviors.HasFlag(CodeFixTestBehaviors.AllowNewDiagnostics))
        {
            return;
        }

        if (after.Count(d => d.Id == id) >= counts[id])
        {
            throw await FailAsync($"The fix does not remove its {id}", after.Where(d => d.Id == id)).ConfigureAwait(false);
        }

        if (more.Count > 0)
        {
            throw await FailAsync("The fix brings new diagnostics", after.Where(d => more.Contains(d.Id))).ConfigureAwait(false);
        }

        async Task<VerificationException> FailAsync(string what, IEnumerable<Diagnostic> diagnostics)
        {
            var document = fixedSolution.GetDocument(fix.Document.Id)!;
            var text = await document.GetTextAsync(cancel).ConfigureAwait(false);
            string found = Analysis.DiagnosticText.Lines("found:", diagnostics.Select(Analysis.DiagnosticText.Key));
            return new VerificationException(
                $"{what} ('{fix.Action.Title}' for {Analysis.DiagnosticText.Describe(fix.Diagnostic)}).{found}\n--- {document.FilePath}\n{text}");
        }
    }
}
