using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FenceSafety.Testing;

/// <summary>A test of one analyzer on C# code.</summary>
public class CSharpAnalyzerTest<TAnalyzer> : AnalyzerTest
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    /// <inheritdoc/>
    protected override ImmutableArray<DiagnosticAnalyzer> CreateAnalyzers() => [new TAnalyzer()];
}

/// <summary>A test of one analyzer on one file.</summary>
public static class CSharpAnalyzerVerifier<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    /// <summary>Expects a diagnostic of the analyzer's only rule.</summary>
    public static DiagnosticResult Diagnostic()
    {
        var rules = new TAnalyzer().SupportedDiagnostics;
        return rules.Length == 1
            ? new DiagnosticResult(rules[0])
            : throw new VerificationException($"{typeof(TAnalyzer).Name} has {rules.Length} rules: name the ID.");
    }

    /// <summary>Expects a diagnostic with this ID.</summary>
    public static DiagnosticResult Diagnostic(string id) => new(id);

    /// <summary>Runs the analyzer and compares with the markup and <paramref name="expected"/>.</summary>
    public static Task VerifyAnalyzerAsync(string source, params DiagnosticResult[] expected)
    {
        var test = new CSharpAnalyzerTest<TAnalyzer> { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync();
    }
}
