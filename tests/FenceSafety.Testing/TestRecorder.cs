namespace FenceSafety.Testing;

/// <summary>Collects tests instead of running them, so that something else can be asserted of the same programs.</summary>
public static class TestRecorder
{
    static readonly AsyncLocal<List<AnalyzerTest>?> s_tests = new();

    /// <summary>The tests that <paramref name="run"/> would have run.</summary>
    public static async Task<IReadOnlyList<AnalyzerTest>> RecordAsync(Func<Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var tests = new List<AnalyzerTest>();
        s_tests.Value = tests;
        try
        {
            await run().ConfigureAwait(false);
        }
        finally
        {
            s_tests.Value = null;
        }

        return tests;
    }

    internal static bool Takes(AnalyzerTest test)
    {
        s_tests.Value?.Add(test);
        return s_tests.Value is not null;
    }
}
