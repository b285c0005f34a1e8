using System.Text.RegularExpressions;

namespace FenceSafety.Analyzers.Tests.Documentation;

/// <summary>Finds the documentation beside the sources.</summary>
static partial class Docs
{
    static readonly Lazy<string> s_root = new(FindRoot);

    public static string Root => s_root.Value;

    /// <summary>All pages of docs/rules, by ID.</summary>
    public static SortedDictionary<string, RulePage> Pages()
    {
        var pages = new SortedDictionary<string, RulePage>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(Path.Combine(Root, "docs", "rules"), "*.md"))
        {
            pages.Add(Path.GetFileNameWithoutExtension(file), RulePage.Parse(Read(file)));
        }

        return pages;
    }

    /// <summary>The rows of a Markdown table whose first cell is a rule, perhaps a link.</summary>
    public static IEnumerable<(string Id, string[] Cells)> RuleRows(string relativePath)
    {
        foreach (Match row in Row().Matches(Read(Path.Combine(Root, relativePath))))
        {
            yield return (row.Groups["id"].Value, row.Value.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries));
        }
    }

    public static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "FenceSafety.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No FenceSafety.sln above {AppContext.BaseDirectory}: run the tests inside the repository.");
    }

    [GeneratedRegex(@"^\|?\s*\[?(?<id>FENCE\d{3})\b[^\n]*\|[^\n]*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
