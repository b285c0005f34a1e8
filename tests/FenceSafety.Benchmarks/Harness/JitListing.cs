using System.Diagnostics;
using System.Text;

namespace FenceSafety.Benchmarks.Harness;

/// <summary>
/// What the just-in-time compiler makes of methods, listed by the runtime itself (<c>DOTNET_JitDisasm</c>), in another process of this
/// program. Code that is still to be optimised is not listed.
/// </summary>
internal static class JitListing
{
    private const string Header = "; Assembly listing for method ";
    private const string Final = "(Tier1)";
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(2);

    /// <summary>Runs this program with some arguments.</summary>
    /// <param name="arguments">What the process is told.</param>
    /// <param name="methods">Names of methods, of whatever types.</param>
    /// <returns>The final code, by the name of type and method, with a colon between them.</returns>
    public static Dictionary<string, string> Of(IEnumerable<string> arguments, IEnumerable<string> methods)
    {
        string file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };

            // Started by dotnet, or by an executable of its own.
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
                start.ArgumentList.Add(typeof(JitListing).Assembly.Location);
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
            start.Environment["DOTNET_JitDisasm"] = string.Join(' ', methods);
            start.Environment["DOTNET_JitStdOutFile"] = file;
            start.Environment["DOTNET_TieredCompilation"] = "1";
            using Process process = Process.Start(start)!;
            if (!process.WaitForExit(s_bound))
            {
                process.Kill();
                throw new TimeoutException($"The process that is listed did not end within {s_bound}.");
            }

            if (process.ExitCode != 0)
                throw new InvalidOperationException($"The process that is listed ended with {process.ExitCode}.");
            return Parse(File.ReadLines(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Dictionary<string, string> Parse(IEnumerable<string> lines)
    {
        var listings = new Dictionary<string, string>(StringComparer.Ordinal);
        string? method = null;
        var code = new StringBuilder();
        foreach (string line in lines.Append(Header))
        {
            if (line.StartsWith(Header, StringComparison.Ordinal))
            {
                // A method that is compiled again supersedes its former code.
                if (method is not null)
                    listings[method] = code.ToString();
                code.Clear();
                method = line.Contains(Final, StringComparison.Ordinal) ? line[Header.Length..].Split('(')[0] : null;
            }
            else
            {
                code.Append(line).Append('\n');
            }
        }

        return listings;
    }
}
