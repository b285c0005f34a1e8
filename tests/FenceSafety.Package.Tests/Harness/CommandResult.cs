namespace FenceSafety.Package.Tests.Harness;

/// <summary>What a finished command printed.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output)
{
    /// <summary>Fails the test, with everything that the command printed, unless it succeeded.</summary>
    public CommandResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"'{Command}' exited with {ExitCode}:\n{Output}");
        return this;
    }

    /// <summary>The distinct lines that report the given rule; MSBuild repeats each warning in its summary.</summary>
    public string[] Reports(string id) =>
        [.. Output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains($" {id}:", StringComparison.Ordinal)).Distinct()];

    /// <summary>Fails the test if any FenceSafety rule is reported.</summary>
    public CommandResult ReportsNothing()
    {
        Assert.DoesNotContain("FENCE0", Output, StringComparison.Ordinal);
        return this;
    }
}
