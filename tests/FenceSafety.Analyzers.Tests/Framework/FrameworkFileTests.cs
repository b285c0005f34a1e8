using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests.Framework;

public class FrameworkFileTests
{
    static readonly string Text = FrameworkFile.Text();
    static readonly List<FrameworkLine> Lines = FrameworkFile.Read(Text, []);
    static readonly Dictionary<string, string> Effects =
        Lines.ToDictionary(l => l.Id, l => string.Join(',', l.Effects), StringComparer.Ordinal);

    [Fact]
    public void Every_line_is_well_formed()
    {
        var problems = new List<string>();
        FrameworkFile.Read(Text, problems);
        Assert.Empty(problems);
        Assert.InRange(Lines.Count, 1000, 2500);
    }

    [Theory]
    [InlineData("fencesum 2\n", "the first line")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; safe\n", "not 'id; effects; reason'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; safe; \n", "not 'id; effects; reason'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; fine; a reason\n", "no such effect: 'fine'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; managed:heap; a reason\n", "no such effect: 'managed:heap'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; invokes:x; a reason\n", "no such effect: 'invokes:x'")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; safe,unknown; a reason\n", "stand alone")]
    [InlineData("fencesum 1 framework net10.0\nT:System.Math; growth,managed:array; a reason\n", "an effect twice")]
    [InlineData("fencesum 1 framework net10.0\r\nT:System.Math; safe; a reason\r\n", "lines end in LF")]
    public void A_malformed_file_is_named(string text, string expected)
    {
        var problems = new List<string>();
        FrameworkFile.Read(text, problems);
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_line_matches_a_visible_member_of_the_reference_assemblies() =>
        Assert.Empty(Lines.Where(l => FrameworkFile.Resolve(l) is null).Select(l => $"{l.Number}: {l.Id}"));

    [Theory]
    [InlineData("M:System.Math.Maximum(System.Int32)")]
    [InlineData("M:System.Collections.Generic.List`1.Grow(System.Int32)")]
    [InlineData("T:System.Collections.Generic.List")]
    [InlineData("M:System.Int32.ToString~System.String")]
    [InlineData("F:System.String.Empty")]
    public void An_id_that_is_no_visible_member_does_not_match(string id) =>
        Assert.Null(FrameworkFile.Resolve(new FrameworkLine(2, id, ["safe"], "a reason")));

    [Fact]
    public void No_member_is_listed_twice_as_itself_or_as_its_property()
    {
        var accessors = Lines.Select(FrameworkFile.Resolve)
            .SelectMany(s => s is IPropertySymbol p ? [p.GetMethod, p.SetMethod] : new ISymbol?[] { s })
            .Where(s => s is not null)
            .Select(s => s!.GetDocumentationCommentId());
        Assert.Empty(accessors.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void What_is_invoked_is_a_delegate_parameter() =>
        Assert.Empty(Lines.Where(l => !InvokesDelegates(l)).Select(l => $"{l.Number}: {l.Id}"));

    [Fact]
    public void A_type_line_is_the_default_of_some_member_without_a_line()
    {
        var useless = Lines.Where(l => FrameworkFile.Resolve(l) is INamedTypeSymbol type
            && !type.GetMembers().OfType<IMethodSymbol>().Any(m => Effects.Keys.All(id => id != m.GetDocumentationCommentId())));
        Assert.Empty(useless.Select(l => l.Id));
    }

    static bool InvokesDelegates(FrameworkLine line)
    {
        var indices = line.Effects.Where(e => e.StartsWith("invokes:", StringComparison.Ordinal)).Select(e => int.Parse(e[8..], null));
        return indices.All(i => FrameworkFile.Resolve(line) is IMethodSymbol m
            && i < m.Parameters.Length && m.Parameters[i].Type.TypeKind == TypeKind.Delegate);
    }
}
