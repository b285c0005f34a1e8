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
    public static List<Report> Analyze(Compilation compilation, Mode mode, ImmutableArray<AdditionalText> files)
    {
        var analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(new FenceSafetyAnalyzer());
        var found = compilation.WithAnalyzers(analyzers, new AnalyzerOptions(files, mode)).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
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
        int entry = violation.Stack.FirstOrDefault(line => !split.IsInLibrary(line));
        // A delegate in a field of the library is unknown to the application, and in critical code, or under its locks, said to be.
        if (report.Rule == "FENCE008" && (violation.Lines.Contains(report.Line) || report.Line == entry) && program.Features[report.Line - 1].Contains(DelegateField))
            return true;
        // Nor is it known what it does under a lock, which is said there: that is all that there is of the other end.
        if (violation.Rule is "FENCE002" or "FENCE007" && report.Rule == "FENCE008" && program.Features[report.Line - 1].Contains(DelegateField) && violation.Locks.Any(Mentions))
            return true;
        if (violation.Stack.Count > 0 && !split.IsInLibrary(violation.Stack[0]))
            return false;
        return violation.Rule switch
        {
            // If nothing that can be seen leads there, the other end is all that there is.
            "FENCE004" when entry == 0 => (report.Rule is "FENCE002" or "FENCE007" && violation.Locks.Any(Mentions)) || (report.Rule == "FENCE008" && violation.Opaque.Contains(report.Line)),
            // Code in reclaim is told of it by its own rule.
            "FENCE004" => report.Rule is "FENCE004" or "FENCE007" && report.Line == entry,
            // The cycle is reported at each of its edges that the application makes.
            "FENCE005" => report.Rule == "FENCE005" && violation.Locks.Any(Mentions),
            "FENCE002" or "FENCE007" => report.Rule == "FENCE004" && violation.Locks.Any(Mentions),
            _ => false,
        };

        bool Mentions(string name) => report.Message.Contains(name, StringComparison.Ordinal);
    }

    /// <summary>
    /// Behind a delegate in a field of the library, called where nothing is critical: that it is unknown need not be said there. And of
    /// the library itself nobody knows that it is on a path from an annotation of the application.
    /// </summary>
    public static bool IsUnknown(Violation violation, GeneratedProgram program, Mode mode)
    {
        // Summaries are made without throw paths.
        if (mode.ThrowPathsCount && violation.Stack.Any(line => program.Split!.IsInLibrary(line) && program.Features[line - 1].Contains(ProgramGenerator.ThrowPath)))
            return true;
        int entry = violation.Stack.FirstOrDefault(line => !program.Split!.IsInLibrary(line));
        bool isSaid = mode.UnknownCounts && violation.Rule is not ("FENCE004" or "FENCE005" or "FENCE006" or "FENCE007" or "FENCE012");
        return (entry > 0 && entry != violation.Stack[0] && !isSaid && program.Features[entry - 1].Contains(DelegateField))
            || (mode.IsCriticalOnly && violation.Rule is "FENCE013" or "FENCE014" or "FENCE015" or "FENCE016" && violation.Lines.Any(program.Split!.IsInLibrary));
    }

    private const string DelegateField = "call: delegate field";

    private static Report Of(Diagnostic diagnostic)
    {
        FileLinePositionSpan at = diagnostic.Location.GetLineSpan();
        return new Report(diagnostic.Id, at.Path, at.StartLinePosition.Line + 1, diagnostic.Properties.GetValueOrDefault("lockClass"), diagnostic.GetMessage());
    }
}
