using FenceSafety.Analyzers.Tests.Documentation;
using FenceSafety.CodeFixes.AssumeSafe;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>The documentation says which rules have fixes, as the providers do.</summary>
public class FixDocumentationTests
{
    static readonly List<CodeFixProvider> s_providers =
        [.. EveryFixTests.Types().Select(t => (CodeFixProvider)Activator.CreateInstance(t)!)];

    [Fact]
    public void The_index_says_what_can_be_fixed()
    {
        var rows = Docs.RuleRows("docs/README.md").ToDictionary(r => r.Id, r => r.Cells[3]);
        Assert.Equal(rows.Keys.ToDictionary(id => id, Expected), rows);
    }

    [Fact]
    public void A_page_describes_the_fixes_of_its_rule()
    {
        var described = Docs.Pages().Where(p => p.Value.Sections.Any(s => s.Text.Contains("### Code fix", StringComparison.Ordinal))).Select(p => p.Key);
        Assert.Equal(Docs.Pages().Keys.Where(id => Expected(id) == "yes"), described);
    }

    [Fact]
    public void A_page_tells_where_to_vouch()
    {
        var told = Docs.Pages().Where(p => p.Value.Sections.Any(s => s.Text.Contains("*Vouch for ", StringComparison.Ordinal))).Select(p => p.Key);
        Assert.Equal(new AssumeFenceSafeCodeFixProvider().FixableDiagnosticIds.Order(StringComparer.Ordinal), told);
    }

    static string Expected(string id) => s_providers.Where(p => p.FixableDiagnosticIds.Contains(id)).ToList() switch
    {
        [] => "no",
        [AssumeFenceSafeCodeFixProvider] => "vouch only",
        _ => "yes",
    };
}
