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
    public static List<Report> Analyze(Compilation compilation, params ImmutableArray<AdditionalText> files)
    {
        var analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer());
        var found = compilation.WithAnalyzers(analyzers, new AnalyzerOptions(files)).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return [.. found.Select(Of)];
    }

    public static bool Answers(Report report, Violation violation) => report.Rule == violation.Rule && violation.Lines.Contains(report.Line)
        && (violation.LockClasses is null || (report.LockClass is { } about && violation.LockClasses.Contains(about)));

    /// <summary>
    /// Who analyses the application cannot be told of what is wrong in the library: where the rules have both ends of a cycle reported, the
    /// end in the application answers for the other, and what is done under a lock is reported at the call that leads there.
    /// </summary>
    public static bool AnswersAcross(Report report, Violation violation, GeneratedProgram program)
    {
        Split split = program.Split!;
        if (Answers(report, violation))
            return true;
        // A delegate in a field of the library is unknown to the application, and said to be.
        if (report.Rule == "FENCE008" && violation.Lines.Contains(report.Line) && program.Features[report.Line - 1].Contains("call: delegate field"))
            return true;
        if (!violation.Lines.All(split.IsInLibrary))
            return false;
        return violation.Rule switch
        {
            "FENCE004" => report.Rule == "FENCE004" && violation.Stack.Where(line => !split.IsInLibrary(line)).Take(1).Contains(report.Line),
            "FENCE005" => report.Rule == "FENCE005" && violation.Locks.All(l => report.Message.Contains(l, StringComparison.Ordinal)),
            "FENCE002" or "FENCE007" => report.Rule == "FENCE004" && violation.Locks.Count > 0
                && violation.Locks.All(l => report.Message.Contains(l, StringComparison.Ordinal)),
            _ => false,
        };
    }

    private static Report Of(Diagnostic diagnostic)
    {
        FileLinePositionSpan at = diagnostic.Location.GetLineSpan();
        return new Report(diagnostic.Id, at.Path, at.StartLinePosition.Line + 1, diagnostic.Properties.GetValueOrDefault("lockClass"), diagnostic.GetMessage());
    }
}
