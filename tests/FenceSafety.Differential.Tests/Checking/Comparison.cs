using System.Collections.Immutable;
using FenceSafety.Analyzers;
using FenceSafety.Differential.Tests.Generation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Differential.Tests.Checking;

/// <summary>A violation that was not reported.</summary>
internal sealed record Miss(GeneratedProgram Program, Violation Violation);

/// <summary>Sets what happened against what was reported.</summary>
internal static class Comparison
{
    public static List<Report> Analyze(Compilation compilation)
    {
        var analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer());
        var found = compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return [.. found.Select(Of)];
    }

    public static bool Answers(Report report, Violation violation) => report.Rule == violation.Rule && violation.Lines.Contains(report.Line)
        && (violation.LockClasses is null || (report.LockClass is { } about && violation.LockClasses.Contains(about)));

    private static Report Of(Diagnostic diagnostic)
    {
        FileLinePositionSpan at = diagnostic.Location.GetLineSpan();
        return new Report(diagnostic.Id, at.Path, at.StartLinePosition.Line + 1, diagnostic.Properties.GetValueOrDefault("lockClass"), diagnostic.GetMessage());
    }
}
