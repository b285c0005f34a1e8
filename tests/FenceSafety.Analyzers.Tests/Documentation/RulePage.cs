using System.Text.RegularExpressions;

namespace FenceSafety.Analyzers.Tests.Documentation;

/// <summary>A page of docs/rules, taken apart.</summary>
sealed partial class RulePage
{
    /// <summary>The sections of every page, in order.</summary>
    public static readonly string[] SectionTitles =
        ["What it says", "Why", "Example", "Fix", "Options", "Known imprecision", "How to suppress"];

    RulePage(string id, string title, string status, IReadOnlyList<(string Title, string Text)> sections)
    {
        Id = id;
        Title = title;
        Status = status;
        Sections = sections;
    }

    public string Id { get; }

    public string Title { get; }

    /// <summary>What stands after "Status: ".</summary>
    public string Status { get; }

    public bool IsPlanned => Status.StartsWith("planned", StringComparison.Ordinal);

    public IReadOnlyList<(string Title, string Text)> Sections { get; }

    public static RulePage Parse(string text)
    {
        var heading = Heading().Match(text);
        var sections = text.Split("\n## ").Skip(1)
            .Select(s => (s[..s.IndexOf('\n', StringComparison.Ordinal)], s[s.IndexOf('\n', StringComparison.Ordinal)..].Trim()));
        return new RulePage(heading.Groups["id"].Value, heading.Groups["title"].Value, heading.Groups["status"].Value, [.. sections]);
    }

    /// <summary>The message that the example shows.</summary>
    public string Message => Text().Match(Sections.First(s => s.Title == "Example").Text).Groups["text"].Value;

    /// <summary>The C# of a section; empty if it has none.</summary>
    public string Code(string section)
        => CSharp().Match(Sections.First(s => s.Title == section).Text).Groups["code"].Value;

    [GeneratedRegex(@"\A# (?<id>FENCE\d{3}): (?<title>.+)\n\nStatus: (?<status>.+)\n")]
    private static partial Regex Heading();

    [GeneratedRegex(@"```text\n(?<text>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Text();

    [GeneratedRegex(@"```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
