using System.Text.Json;
using System.Text.RegularExpressions;

namespace FenceSafety.Samples.Tests;

/// <summary>A report: what the analyzer says, or what a mark in the source expects, which has no level and no message.</summary>
/// <param name="File">Path below the sample, with forward slashes.</param>
internal sealed partial record Report(string Rule, string File, int Line, string Level = "", string Message = "")
{
    public string Place => $"{File}:{Line} {Rule}";

    /// <summary>The marks <c>// mistake: FENCE001, FENCE002</c> at the ends of lines.</summary>
    public static List<Report> Marks(string sample)
    {
        var marks = new List<Report>();
        foreach (string path in SourceFiles(sample))
        {
            string file = Relative(sample, path);
            int number = 0;
            foreach (string line in System.IO.File.ReadLines(path))
            {
                number++;
                if (Mark().Match(line) is { Success: true } mark)
                    marks.AddRange(mark.Groups[1].Value.Split(", ").Select(rule => new Report(rule, file, number)));
            }
        }

        return marks;
    }

    /// <summary>All results of a SARIF 2.1 log, of any rule and level.</summary>
    public static List<Report> Read(string sample, string sarif)
    {
        using var log = JsonDocument.Parse(System.IO.File.ReadAllText(sarif));
        Assert.Equal("2.1.0", log.RootElement.GetProperty("version").GetString());
        var run = Assert.Single(log.RootElement.GetProperty("runs").EnumerateArray());
        return [.. run.GetProperty("results").EnumerateArray().Select(result => OfResult(sample, result))];
    }

    private static Report OfResult(string sample, JsonElement result)
    {
        var place = Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");
        var uri = new Uri(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!);
        return new Report(
            result.GetProperty("ruleId").GetString()!,
            Relative(sample, uri.LocalPath),
            place.GetProperty("region").GetProperty("startLine").GetInt32(),
            result.GetProperty("level").GetString()!,
            result.GetProperty("message").GetProperty("text").GetString()!);
    }

    private static IEnumerable<string> SourceFiles(string sample) =>
        from path in Directory.EnumerateFiles(sample, "*.cs", SearchOption.AllDirectories)
        let file = Relative(sample, path)
        where !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal)
        select path;

    private static string Relative(string sample, string path) => Path.GetRelativePath(sample, path).Replace('\\', '/');

    [GeneratedRegex(@"// mistake: (FENCE\d{3}(?:, FENCE\d{3})*)$")]
    private static partial Regex Mark();
}
