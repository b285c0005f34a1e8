using FenceSafety.Testing.CodeFixes;
using FenceSafety.Testing.State;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Testing;

/// <summary>
/// A test of one code fix. It asserts: the test code gives the expected diagnostics; every single application compiles, removes its
/// diagnostic and brings no new one; the result is the fixed code, with the diagnostics that its own markup expects; Fix All in every
/// scope agrees. Without fixed code it asserts that the wanted fix is not offered.
/// </summary>
public class CSharpCodeFixTest<TAnalyzer, TCodeFix> : CSharpAnalyzerTest<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TCodeFix : CodeFixProvider, new()
{
    /// <summary>Adds one file to <see cref="FixedState"/>.</summary>
    public string FixedCode
    {
        set => FixedState.Sources.Add(value);
    }

    /// <summary>The files after the fix. A file that is not in it stays as it was.</summary>
    public SolutionState FixedState { get; } = new();

    /// <summary>The files after Fix All, where they differ from those after single fixes.</summary>
    public SolutionState BatchFixedState { get; } = new();

    /// <summary>Which of the offered fixes, counted from zero.</summary>
    public int? CodeActionIndex { get; set; }

    /// <summary>Which of the offered fixes, by equivalence key.</summary>
    public string? CodeActionEquivalenceKey { get; set; }

    /// <summary>How many single fixes lead to the fixed code; by default at most one for each diagnostic.</summary>
    public int? NumberOfIncrementalIterations { get; set; }

    /// <summary>How often Fix All may run in each scope; by default once for each document, project, or solution.</summary>
    public int? NumberOfFixAllIterations { get; set; }

    /// <summary>What is left out.</summary>
    public CodeFixTestBehaviors CodeFixTestBehaviors { get; set; }

    bool ExpectsFix => FixedState.Projects.Any(p => p.Sources.Count + p.AdditionalFiles.Count > 0);

    /// <inheritdoc/>
    public override async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (TestRecorder.Takes(this))
        {
            return;
        }

        var original = await VerifyStateAsync(TestState, "Test code", cancellationToken).ConfigureAwait(false);
        var provider = new TCodeFix();
        var choice = new FixChoice(CodeActionIndex, CodeActionEquivalenceKey);
        if (!ExpectsFix)
        {
            await VerifyNotOfferedAsync(original, provider, choice, cancellationToken).ConfigureAwait(false);
            return;
        }

        var single = new SingleFixRunner(provider, choice, CodeFixTestBehaviors, AnalyzeAsync);
        var result = await single.RunAsync(original, NumberOfIncrementalIterations, cancellationToken).ConfigureAwait(false);
        if (single.Applied == 0)
        {
            string offers = string.Concat(single.Refused.Select(r => "\n    " + r));
            throw new VerificationException($"There is fixed code, but {choice} is never offered. Offered:{offers}");
        }

        if (NumberOfIncrementalIterations is { } iterations && iterations != single.Applied)
        {
            throw new VerificationException($"{iterations} single fixes expected, {single.Applied} applied.");
        }

        var after = FixedStates.Overlay(TestState, FixedState);
        await CompareAsync(after, result, "After single fixes", cancellationToken).ConfigureAwait(false);
        await VerifyStateAsync(after, "Fixed code", cancellationToken, unusedKeys: true).ConfigureAwait(false);
        await VerifyFixAllAsync(original, provider, choice, cancellationToken).ConfigureAwait(false);
    }

    async Task VerifyNotOfferedAsync(Solution original, TCodeFix provider, FixChoice choice, CancellationToken cancel)
    {
        var diagnostics = await AnalyzeAsync(original, cancel).ConfigureAwait(false);
        if (!diagnostics.Any(d => provider.FixableDiagnosticIds.Contains(d.Id)))
        {
            throw new VerificationException("The test wants no fix to be offered, but has no diagnostic that the provider could fix: it proves nothing.");
        }

        var (fixables, _) = await Fixable.FindAsync(original, diagnostics, provider, choice, cancel).ConfigureAwait(false);
        if (fixables.Count > 0)
        {
            string offers = string.Concat(fixables.Select(f => $"\n    '{f.Action.Title}' for {Analysis.DiagnosticText.Describe(f.Diagnostic)}"));
            throw new VerificationException($"No fix is expected, and one is offered:{offers}");
        }
    }

    async Task VerifyFixAllAsync(Solution original, TCodeFix provider, FixChoice choice, CancellationToken cancel)
    {
        if ((CodeFixTestBehaviors & (CodeFixTestBehaviors.FixOne | CodeFixTestBehaviors.SkipFixAllCheck)) != 0
            || provider.GetFixAllProvider() is not { } fixAll)
        {
            return;
        }

        var after = FixedStates.Overlay(FixedStates.Overlay(TestState, FixedState), BatchFixedState);
        var runner = new FixAllRunner(provider, fixAll, choice, AnalyzeAsync);
        var supported = fixAll.GetSupportedFixAllScopes().ToHashSet();
        foreach (var scope in new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution }.Where(supported.Contains))
        {
            var result = await runner.RunAsync(original, scope, NumberOfFixAllIterations, cancel).ConfigureAwait(false);
            await CompareAsync(after, result, $"Fix All ({scope})", cancel).ConfigureAwait(false);
        }
    }

    static async Task CompareAsync(SolutionState expected, Solution actual, string what, CancellationToken cancel)
    {
        var texts = new PlainState(expected, () => "", unusedKeys: true).Texts;
        SolutionTexts.VerifySame(texts, await SolutionTexts.ReadAsync(actual, cancel).ConfigureAwait(false), what);
    }
}
