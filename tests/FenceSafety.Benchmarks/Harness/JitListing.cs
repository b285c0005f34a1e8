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

    /// <summary>Runs this program with some arguments.</summary>
    /// <param name="arguments">What the process is told.</param>
    /// <param name="methods">Names of methods, of whatever types.</param>
    /// <returns>The final code, by the name of type and method, with a colon between them.</returns>
    public static Dictionary<string, string> Of(IEnumerable<string> arguments, IEnumerable<string> methods)
    {
        string file = Path.GetTempFileName();
        try
        {
            FreshProcess.Run(
                arguments,
                ("DOTNET_JitDisasm", string.Join(' ', methods)),
                ("DOTNET_JitStdOutFile", file),
                ("DOTNET_TieredCompilation", "1"));
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
