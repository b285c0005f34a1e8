using System.Reflection;
using FenceSafety.Analyzers.Tests.Documentation;
using FenceSafety.Testing;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests;

/// <summary>Every rule has a page, a row in each table, a release-tracking entry, and tests in both directions.</summary>
public class DocumentationTests
{
    static readonly IReadOnlyDictionary<string, RulePage> s_pages = Docs.Pages();

    /// <summary>The rules of the analyzer. An ID with several message formats counts once.</summary>
    static readonly IReadOnlyDictionary<string, DiagnosticDescriptor> s_rules = new FenceSafetyAnalyzer().SupportedDiagnostics
        .GroupBy(d => d.Id)
        .ToDictionary(g => g.Key, g => g.OrderByDescending(d => d.DefaultSeverity).First());

    public static TheoryData<string> RuleIds => [.. s_rules.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> PageIds => [.. s_pages.Keys];

    [Fact]
    public void The_analyzer_has_rules() => Assert.Contains("FENCE001", s_rules.Keys);

    [Theory]
    [MemberData(nameof(RuleIds))]
    public void A_rule_has_a_page_that_does_not_say_planned(string id)
    {
        Assert.True(s_pages.TryGetValue(id, out var page), $"docs/rules/{id}.md is missing.");
        Assert.Equal(s_rules[id].Title.ToString(null), page.Title);
        Assert.False(page.IsPlanned, $"docs/rules/{id}.md says '{page.Status}', but the analyzer has the rule.");
        Assert.StartsWith(StatusOf(s_rules[id]), page.Status, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PageIds))]
    public void A_page_is_complete(string id)
    {
        var page = s_pages[id];
        Assert.Equal(id, page.Id);
        Assert.Equal(RulePage.SectionTitles, page.Sections.Select(s => s.Title));
        Assert.All(page.Sections, section => Assert.NotEmpty(section.Text));
    }

    [Theory]
    [MemberData(nameof(PageIds))]
    public void A_page_without_a_rule_says_planned(string id)
        => Assert.True(s_rules.ContainsKey(id) || s_pages[id].IsPlanned || id == "FENCE000", $"docs/rules/{id}.md: status '{s_pages[id].Status}', but no such rule.");

    [Fact]
    public void The_index_lists_every_page_with_its_title_and_severity()
    {
        var rows = Docs.RuleRows("docs/README.md").ToDictionary(r => r.Id, r => r.Cells);
        Assert.Equal(s_pages.Keys, rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row =>
        {
            Assert.Equal(s_pages[row.Key].Title, row.Value[1]);
            if (s_rules.TryGetValue(row.Key, out var rule))
            {
                Assert.Equal(SeverityOf(rule), row.Value[2]);
            }
        });
    }

    [Fact]
    public void The_rule_table_of_the_readme_agrees()
    {
        var rows = Docs.RuleRows("README.md").ToDictionary(r => r.Id, r => r.Cells);
        Assert.Equal(s_pages.Keys.Where(id => id != "FENCE000"), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row =>
        {
            Assert.Equal(s_pages[row.Key].Title, row.Value[1]);
            Assert.Equal(s_rules.ContainsKey(row.Key) ? "yes" : "not yet", row.Value[3]);
            if (s_rules.TryGetValue(row.Key, out var rule))
            {
                Assert.Equal(SeverityOf(rule), row.Value[2]);
            }
        });
    }

    [Theory]
    [MemberData(nameof(RuleIds))]
    public void A_rule_is_in_a_release(string id)
    {
        string[] files = ["AnalyzerReleases.Unshipped.md", "AnalyzerReleases.Shipped.md"];
        var row = files.SelectMany(f => Docs.RuleRows("analyzers/FenceSafety.Analyzers/" + f)).FirstOrDefault(r => r.Id == id);
        Assert.True(row.Id is not null, $"{id} is in neither of {string.Join(", ", files)}.");
        var rule = s_rules[id];
        Assert.Equal(rule.Category, row.Cells[1]);
        Assert.Equal(rule.IsEnabledByDefault ? rule.DefaultSeverity.ToString() : "Disabled", row.Cells[2]);
    }

    [Theory]
    [MemberData(nameof(RuleIds))]
    public void Help_leads_to_the_page(string id)
        => Assert.EndsWith($"docs/rules/{id}.md", s_rules[id].HelpLinkUri, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(RuleIds))]
    public void A_rule_has_tests_in_both_directions(string id)
    {
        var type = typeof(DocumentationTests).Assembly.GetTypes().FirstOrDefault(t => t.Name == id + "Tests");
        Assert.True(type is not null, $"There is no test class {id}Tests.");
        var tests = type.GetMethods().Where(m => m.GetCustomAttributes<FactAttribute>().Any()).Select(m => m.Name).ToList();
        Assert.True(tests.Exists(t => t.StartsWith("Reports_", StringComparison.Ordinal)), $"{type.Name} has no test Reports_….");
        Assert.True(tests.Exists(t => t.StartsWith("Silent_", StringComparison.Ordinal)), $"{type.Name} has no test Silent_….");
    }

    [Theory]
    [MemberData(nameof(RuleIds))]
    public Task The_example_reports_what_its_comments_say(string id)
    {
        string code = s_pages[id].Code("Example");
        Assert.Contains($"// {id}", code, StringComparison.Ordinal);
        return ExampleAsync(id, code, s_pages[id].Message);
    }

    [Theory]
    [MemberData(nameof(RuleIds))]
    public Task The_fix_reports_nothing(string id)
    {
        string code = s_pages[id].Code("Fix");
        Assert.NotEmpty(code);
        Assert.DoesNotContain("// FENCE", code, StringComparison.Ordinal);
        return ExampleAsync(id, code, message: null);
    }

    /// <summary>Runs an example; the first report of the page's own rule has the message that the page shows.</summary>
    static Task ExampleAsync(string id, string code, string? message)
    {
        var test = new FenceTest(code);
        foreach (var (line, reported) in Example.Expected(code))
        {
            var expected = new DiagnosticResult(reported).WithLine(line);
            test.ExpectedDiagnostics.Add(reported == id && message is not null ? expected.WithMessage(message) : expected);
            message = reported == id ? null : message;
        }

        if (!s_rules[id].IsEnabledByDefault)
        {
            test.EnabledDiagnostics.Add(id);
        }

        return test.RunAsync();
    }

    static string SeverityOf(DiagnosticDescriptor rule)
        => !rule.IsEnabledByDefault ? "off" : rule.DefaultSeverity == DiagnosticSeverity.Info ? "suggestion" : "warning";

    static string StatusOf(DiagnosticDescriptor rule)
        => rule.IsEnabledByDefault ? $"on by default, {SeverityOf(rule)}" : "off by default";
}
