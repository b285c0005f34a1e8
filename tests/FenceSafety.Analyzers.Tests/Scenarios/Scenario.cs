using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Analyzers.Tests.Scenarios;

/// <summary>A program, and what is reported in it.</summary>
sealed record Scenario(string Name, Solution Solution, ImmutableArray<Diagnostic> Reports)
{
    public static async Task<Scenario> OfAsync(string name, Solution solution)
    {
        var reports = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var project in solution.Projects)
        {
            reports.AddRange(await ReportsAsync(project));
        }

        return new Scenario(name, solution, reports.ToImmutable());
    }

    public static async Task<ImmutableArray<Diagnostic>> ReportsAsync(Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        var analysis = new CompilationWithAnalyzers(
            compilation, [new FenceSafetyAnalyzer()], new CompilationWithAnalyzersOptions(project.AnalyzerOptions, null, concurrentAnalysis: false, logAnalyzerExecutionTime: false));
        return await analysis.GetAnalyzerDiagnosticsAsync();
    }

    /// <summary>Errors and warnings of the compiler.</summary>
    public static async Task<ImmutableArray<Diagnostic>> CompilerAsync(Project project) =>
        [.. (await project.GetCompilationAsync())!.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed)];
}
