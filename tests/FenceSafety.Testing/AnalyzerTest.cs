using System.Collections.Immutable;
using FenceSafety.Testing.Analysis;
using FenceSafety.Testing.State;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Testing;

/// <summary>
/// A test of analyzers. Besides the expected diagnostics it always asserts: the code compiles (see <see cref="CompilerDiagnostics"/>),
/// no analyzer throws, every diagnostic is local to its document, and neither order of files nor concurrency changes anything.
/// Diagnostics of every severity count, of rules that are on by default or in <see cref="ProjectOptions.EnabledDiagnostics"/>.
/// </summary>
public abstract class AnalyzerTest
{
    /// <summary>Adds one source file to <see cref="TestState"/>.</summary>
    public string TestCode
    {
        set => TestState.Sources.Add(value);
    }

    /// <summary>The code, and what is expected in it.</summary>
    public SolutionState TestState { get; } = new();

    /// <summary>Diagnostics expected besides those of the markup.</summary>
    public List<DiagnosticResult> ExpectedDiagnostics => TestState.ExpectedDiagnostics;

    /// <summary>Compiler options.</summary>
    public ProjectOptions Options { get; } = new();

    /// <summary>Which diagnostics of the compiler count.</summary>
    public CompilerDiagnostics CompilerDiagnostics { get; set; } = CompilerDiagnostics.Errors;

    /// <summary>The ID that <c>[|…|]</c> stands for; needed where the analyzers have several.</summary>
    public string? DefaultDiagnosticId { get; set; }

    /// <summary>Rules that are switched on though they are off by default.</summary>
    public List<string> EnabledDiagnostics => Options.EnabledDiagnostics;

    /// <summary>Rules that are switched off.</summary>
    public List<string> DisabledDiagnostics => Options.DisabledDiagnostics;

    /// <summary>Makes new instances of the analyzers under test.</summary>
    protected abstract ImmutableArray<DiagnosticAnalyzer> CreateAnalyzers();

    /// <summary>Runs the test.</summary>
    /// <exception cref="VerificationException">An assertion does not hold.</exception>
    public virtual Task RunAsync(CancellationToken cancellationToken = default)
        => TestRecorder.Takes(this) ? Task.CompletedTask : VerifyStateAsync(TestState, "Test code", cancellationToken);

    /// <summary>The program of the test, without markup.</summary>
    public Task<Solution> CreateSolutionAsync(CancellationToken cancellationToken = default)
        => SolutionFactory.CreateAsync(TestState, new PlainState(TestState, DefaultId, unusedKeys: true).Texts, Options, cancellationToken);

    private protected async Task<Solution> VerifyStateAsync(
        SolutionState state, string what, CancellationToken cancel, bool unusedKeys = false)
    {
        var plain = new PlainState(state, DefaultId, unusedKeys);
        var solution = await SolutionFactory.CreateAsync(state, plain.Texts, Options, cancel).ConfigureAwait(false);
        var found = new List<Diagnostic>();
        foreach (var project in solution.Projects)
        {
            var compilation = (await project.GetCompilationAsync(cancel).ConfigureAwait(false))!;
            found.AddRange(Counted(compilation.GetDiagnostics(cancel)));
            var analyzers = CreateAnalyzers();
            var run = new AnalysisRun(compilation, project.AnalyzerOptions, analyzers, concurrent: true, "analysing " + project.Name);
            var outcome = await run.AllAsync(cancel).ConfigureAwait(false);
            found.AddRange(outcome.All);
            await new Invariants(compilation, project.AnalyzerOptions, CreateAnalyzers).VerifyAsync(outcome, analyzers, cancel).ConfigureAwait(false);
        }

        new DiagnosticMatcher([.. CreateAnalyzers().SelectMany(a => a.SupportedDiagnostics)]).Verify(plain.Expected, found, what);
        return solution;
    }

    private protected async Task<List<Diagnostic>> AnalyzeAsync(Solution solution, CancellationToken cancel)
    {
        var found = new List<Diagnostic>();
        foreach (var project in solution.Projects)
        {
            var compilation = (await project.GetCompilationAsync(cancel).ConfigureAwait(false))!;
            found.AddRange(Counted(compilation.GetDiagnostics(cancel)));
            var run = new AnalysisRun(compilation, project.AnalyzerOptions, CreateAnalyzers(), concurrent: true, "analysing fixed code");
            found.AddRange((await run.AllAsync(cancel).ConfigureAwait(false)).All);
        }

        return found;
    }

    IEnumerable<Diagnostic> Counted(IEnumerable<Diagnostic> compilerDiagnostics)
    {
        var least = CompilerDiagnostics switch
        {
            CompilerDiagnostics.Errors => DiagnosticSeverity.Error,
            CompilerDiagnostics.Warnings => DiagnosticSeverity.Warning,
            _ => (DiagnosticSeverity?)null,
        };
        return compilerDiagnostics.Where(d => !d.IsSuppressed && d.Severity >= least);
    }

    string DefaultId()
    {
        if (DefaultDiagnosticId is { } id)
        {
            return id;
        }

        var ids = CreateAnalyzers().SelectMany(a => a.SupportedDiagnostics).Select(d => d.Id).Distinct().ToList();
        return ids.Count == 1
            ? ids[0]
            : throw new VerificationException(
                $"[|…|] is ambiguous: the analyzers have {ids.Count} rules. Write {{|ID:…|}}, or set {nameof(DefaultDiagnosticId)}.");
    }
}
