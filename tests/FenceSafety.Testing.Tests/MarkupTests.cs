using FenceSafety.Testing.Markup;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.Tests;

public class MarkupTests
{
    [Fact]
    public void Takes_out_nested_spans_and_keeps_their_places()
    {
        var document = MarkupParser.Parse("a[|b{|#7:c|}|]{|FENCE001:d|}e", "X.cs");
        Assert.Equal("abcde", document.Text);
        Assert.Equal(
            [new MarkupSpan(null, 7, new TextSpan(2, 1)), new MarkupSpan(null, null, new TextSpan(1, 2)), new MarkupSpan("FENCE001", null, new TextSpan(3, 1))],
            document.Spans);
    }

    [Fact]
    public void Leaves_code_that_only_looks_like_markup_alone()
    {
        const string Code = "int[] a = [1 | 2]; var f = a is { Length: 1 } || b; string s = $\"{a:x}\";";
        var document = MarkupParser.Parse(Code, "X.cs");
        Assert.Equal(Code, document.Text);
        Assert.Empty(document.Spans);
    }

    [Theory]
    [InlineData("a\nb|]", "X.cs, line 2", "never opened")]
    [InlineData("[|a", "never closed", "X.cs")]
    [InlineData("[|a|}", "another kind", "line 1")]
    [InlineData("{|a|}", "{|ID:text|}", "line 1")]
    [InlineData("{|#x:a|}", "'#x' is no location key", "line 1")]
    public void Says_what_is_wrong_with_malformed_markup(string markup, string first, string second)
    {
        var failure = Assert.Throws<VerificationException>(() => MarkupParser.Parse(markup, "X.cs"));
        Assert.Contains(first, failure.Message, StringComparison.Ordinal);
        Assert.Contains(second, failure.Message, StringComparison.Ordinal);
    }
}
