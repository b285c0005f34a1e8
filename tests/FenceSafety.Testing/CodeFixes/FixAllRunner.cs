using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Testing.CodeFixes;

/// <summary>Applies Fix All, scope by scope, until the wanted fix is offered nowhere.</summary>
sealed class FixAllRunner(
    CodeFixProvider provider, FixAllProvider fixAll, FixChoice choice, Func<Solution, CancellationToken, Task<List<Diagnostic>>> analyze)
{
    /// <summary>The solution after Fix All in every document, in every project, or once in the solution.</summary>
    public async Task<Solution> RunAsync(Solution solution, FixAllScope scope, int? passes, CancellationToken cancel)
    {
        int done = 0, allowed = -1;
        while (true)
        {
            var diagnostics = await analyze(solution, cancel).ConfigureAwait(false);
            var (fixables, _) = await Fixable.FindAsync(solution, diagnostics, provider, choice, cancel).ConfigureAwait(false);
            if (allowed < 0)
            {
                allowed = passes ?? fixables.Select(f => Unit(f, scope)).Distinct().Count();
            }

            if (fixables.Count == 0)
            {
                return solution;
            }

            if (done++ == allowed)
            {
                string left = string.Concat(fixables.Select(f => "\n    " + Analysis.DiagnosticText.Describe(f.Diagnostic)));
                throw new VerificationException($"Fix All ({scope}) leaves after {allowed} pass(es) what single fixes remove:{left}");
            }

            solution = await PassAsync(solution, fixables[0], diagnostics, scope, cancel).ConfigureAwait(false);
        }
    }

    static object Unit(Fixable fixable, FixAllScope scope)
        => scope switch
        {
            FixAllScope.Document => fixable.Document.Id,
            FixAllScope.Project => fixable.Document.Project.Id,
            _ => scope,
        };

    async Task<Solution> PassAsync(Solution solution, Fixable first, List<Diagnostic> diagnostics, FixAllScope scope, CancellationToken cancel)
    {
        var context = new FixAllContext(
            first.Document,
            provider,
            scope,
            first.Action.EquivalenceKey,
            [first.Diagnostic.Id],
            new Known(solution, diagnostics),
            cancel);
        var action = await fixAll.GetFixAsync(context).ConfigureAwait(false)
            ?? throw new VerificationException($"Fix All ({scope}) offers nothing for {Analysis.DiagnosticText.Describe(first.Diagnostic)}");
        return await SolutionTexts.ApplyAsync(action, solution, cancel).ConfigureAwait(false);
    }

    /// <summary>Answers from the diagnostics that the test has computed already.</summary>
    sealed class Known(Solution solution, List<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
            => Where(d => solution.GetDocument(d.Location.SourceTree)?.Id == document.Id);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Where(d => !d.Location.IsInSource);

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Where(d => solution.GetDocument(d.Location.SourceTree)?.Project.Id == project.Id);

        Task<IEnumerable<Diagnostic>> Where(Func<Diagnostic, bool> condition) => Task.FromResult(diagnostics.Where(condition));
    }
}
