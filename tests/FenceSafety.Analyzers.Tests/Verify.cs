using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests;

/// <summary>Short forms for the usual test: one file, the vocabulary, the default options.</summary>
static class Verify
{
    /// <summary>Compares with the markup and <paramref name="expected"/>.</summary>
    public static Task Async(string code, params DiagnosticResult[] expected)
    {
        var test = new FenceTest(code);
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync();
    }

    /// <summary>Expects this rule at <c>{|#0:…|}</c>, with a message that contains each of the parts.</summary>
    public static DiagnosticResult At0(string id, params string[] parts)
        => parts.Aggregate(new DiagnosticResult(id).WithLocation(0), (result, part) => result.WithMessageContaining(part));
}
