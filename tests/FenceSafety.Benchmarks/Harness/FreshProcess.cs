using System.Diagnostics;

namespace FenceSafety.Benchmarks.Harness;

/// <summary>Another process of this program, in which nothing has been compiled or read yet.</summary>
internal static class FreshProcess
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(2);

    /// <summary>Runs this program to its end.</summary>
    /// <param name="arguments">What the process is told.</param>
    /// <param name="environment">Variables that it has besides those of this process.</param>
    /// <returns>What it printed.</returns>
    public static string Run(IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };

        // Started by dotnet, or by an executable of its own.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(FreshProcess).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_bound))
        {
            process.Kill();
            throw new TimeoutException($"The fresh process did not end within {s_bound}.");
        }

        return process.ExitCode == 0
            ? output.GetAwaiter().GetResult()
            : throw new InvalidOperationException($"The fresh process ended with {process.ExitCode}.");
    }
}
