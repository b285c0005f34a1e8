using System.Collections.Immutable;
using FenceSafety.Analyzers;
using FenceSafety.Differential.Tests.Execution;
using FenceSafety.Differential.Tests.Generation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>A violation that was not reported.</summary>
internal sealed record Miss(GeneratedProgram Program, Violation Violation);

/// <summary>Sets what happened against what was reported.</summary>
internal static class Comparison
{
    public static async Task<List<Report>> AnalyzeAsync(Compilation compilation)
    {
        var analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer());
        var found = await compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        return [.. found.Select(Of)];
    }

    public static Report Of(Diagnostic diagnostic)
    {
        FileLinePositionSpan at = diagnostic.Location.GetLineSpan();
        return new Report(diagnostic.Id, at.Path, at.StartLinePosition.Line + 1, diagnostic.GetMessage());
    }

    public static bool Answers(Report report, GeneratedProgram program, Violation violation) =>
        report.File == program.File && violation.Lines.Contains(report.Line)
        && (report.Rule == violation.Rule || (report.Rule == "FENCE008" && program.HasOpaqueCall));

    /// <summary>What happened and was not reported.</summary>
    public static IEnumerable<Miss> Misses(GeneratedProgram program, IEnumerable<Violation> violations, ILookup<string, Report> reportsByFile) =>
        violations.Where(v => !reportsByFile[program.File].Any(r => Answers(r, program, v))).Select(v => new Miss(program, v));
}
