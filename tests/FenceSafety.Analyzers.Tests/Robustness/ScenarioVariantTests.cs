using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Analyzers.Tests.Robustness;

/// <summary>All scenarios of the rules, as they are while somebody types, deletes and moves.</summary>
public class ScenarioVariantTests
{
    static readonly IReadOnlyDictionary<string, string> s_scenarios = Robust.Scenarios();

    static readonly string[] s_shared = [s_scenarios["Prelude.cs"], s_scenarios["Usings.cs"]];

    [Fact]
    public async Task No_crash_on_prefixes_of_a_large_file()
    {
        // All scenarios as one file of several thousand lines.
        string large = string.Join("\n}\n", Own().Select(static s => s.Text.Replace($"namespace {s.Name};", $"namespace {s.Name} {{", StringComparison.Ordinal))) + "\n}";
        Assert.True(large.Split('\n').Length > 4000);
        int stride = Robust.All ? 1 : large.Length / 12;
        for (int end = 0; end <= large.Length; end += stride)
            await Robust.AnalyzeAsync(Robust.Compile([large[..end], .. s_shared]), $"cut off after {end} characters");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_crash_when_tokens_are_missing_or_swapped(bool swap)
    {
        int stride = Robust.All ? 1 : 211;
        int at = swap ? 0 : stride / 2;
        int count = 0;
        foreach (var (name, text) in Own())
        {
            var tokens = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens().Where(static t => t.Span.Length > 0).Select(static t => t.Span).ToList();
            for (; at + 1 < tokens.Count; at += stride)
            {
                var (a, b) = (tokens[at], tokens[at + 1]);
                string variant = swap
                    ? text[..a.Start] + text[b.Start..b.End] + text[a.End..b.Start] + text[a.Start..a.End] + text[b.End..]
                    : text.Remove(a.Start, a.Length);
                await Robust.AnalyzeAsync(Robust.Compile([variant, .. s_shared]), $"{name} at {a.Start}:\n{variant}");
                count++;
            }

            at -= tokens.Count;
            at = Math.Max(at, 0);
        }

        Assert.True(count > 50, $"Only {count} variants.");
    }

    static IEnumerable<(string Name, string Text)> Own() =>
        s_scenarios.Where(static s => s.Key is not ("Prelude.cs" or "Usings.cs")).OrderBy(static s => s.Key, StringComparer.Ordinal)
            .Select(static s => (Path.GetFileNameWithoutExtension(s.Key), s.Value));
}
