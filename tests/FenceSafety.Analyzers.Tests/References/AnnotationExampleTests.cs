using System.Text.RegularExpressions;
using FenceSafety.Analyzers.Tests.Documentation;

namespace FenceSafety.Analyzers.Tests.References;

/// <summary>The worked example of docs/annotations.md does what the page says.</summary>
public sealed class AnnotationExampleTests
{
    static readonly string[] Blocks = Read();

    static string[] Read()
    {
        string page = Docs.Read(Path.Combine(Docs.Root, "docs", "annotations.md"));
        string section = page[page.IndexOf("### A worked example", StringComparison.Ordinal)..];
        return [.. Regex.Matches(section, "```(?:csharp|text)\n(.*?)\n```", RegexOptions.Singleline).Select(static m => m.Groups[1].Value)];
    }

    [Fact]
    public async Task Says_what_the_page_says()
    {
        var package = new Assemblies().Add("Vendor", Blocks[0], summarize: false);
        string app = Blocks[2];

        var with = await package.WithFiles(app, ("vendor.fence.txt", Blocks[1]));
        Assert.Equal(Assemblies.Marked(app), with.Select(static d => d[..d.IndexOf(':')]));
        Assert.All(await package.WithFiles(app), static d => Assert.Contains("FENCE008", d));
    }

    [Fact]
    public async Task Says_so_in_the_file_if_a_new_version_has_no_such_member()
    {
        var package = new Assemblies().Add("Vendor", Blocks[0].Replace("Refill", "FillUp", StringComparison.Ordinal), summarize: false);
        var found = await package.WithFiles("class C { }", ("vendor.fence.txt", Blocks[1]));

        Assert.Equal(["vendor.fence.txt FENCE010: Vendor.Pool has no member 'M:Vendor.Pool.Refill'"], found);
    }
}
