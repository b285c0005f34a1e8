namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Strings and default comparers ask a value for its text, and whether it equals another.</summary>
public class FENCE008AskedTests
{
    static FenceTest Value(string type, string expression, string more = "") => new FenceTest(
        $$"""
        {{more}}
        enum Kind { A }
        class C
        {
            [FenceCritical]
            object Run({{type}} v) => {{expression}};
        }
        """).WithOption("fence_safety.managed_allocations", "ignore");

    [Theory]
    [InlineData("object", "\"a\" + {|FENCE008:v|}")]
    [InlineData("object", "$\"{{|FENCE008:v|}}\"")]
    [InlineData("IComparable<int>", "$\"{{|FENCE008:v|}}\"")]
    [InlineData("object", "{|FENCE008:EqualityComparer<object>.Default.Equals(v, v)|}")]
    [InlineData("IEqualityComparer<int>", "{|FENCE008:v.Equals(1, 2)|}")]
    public Task Reports_what_asks_an_object_that_nobody_knows(string type, string expression) => Value(type, expression).RunAsync();

    [Theory]
    [InlineData("int", "\"a\" + v")]
    [InlineData("string", "$\"{v}{v}\"")]
    [InlineData("Guid", "$\"{v}\"")]
    [InlineData("Kind", "$\"{v}\"")]
    [InlineData("int", "EqualityComparer<int>.Default.Equals(v, v) && Comparer<int>.Default.Compare(v, v) > 0")]
    [InlineData("string", "EqualityComparer<string>.Default.Equals(v, v)")]
    [InlineData("Kind", "EqualityComparer<Kind>.Default.GetHashCode(v)")]
    [InlineData("(int, string)", "EqualityComparer<(int, string)>.Default.Equals(v, v)")]
    public Task Silent_on_what_asks_a_value_of_the_framework(string type, string expression) => Value(type, expression).RunAsync();

    [Theory]
    [InlineData("$\"{{|FENCE001:v|}}\"")]
    [InlineData("{|FENCE001:EqualityComparer<Loud>.Default.Equals(v, v)|}")]
    [InlineData("{|FENCE001:Generic.Same(v, v)|}")]
    [InlineData("{|FENCE001:Generic.Text(v)|}")]
    public Task Follows_what_asks_a_type_of_the_users(string expression) => Value("Loud", expression, Types).RunAsync();

    [Theory]
    [InlineData("$\"{v}\"")]
    [InlineData("EqualityComparer<Mute>.Default.Equals(v, v)")]
    [InlineData("Generic.Same(v, v)")]
    [InlineData("Generic.Text(v)")]
    public Task Silent_on_what_asks_a_type_that_does_nothing(string expression) => Value("Mute", expression, Types).RunAsync();

    const string Types = """
        sealed class Loud : IEquatable<Loud>
        {
            public bool Equals(Loud other) => Kmem.Get() is null;
            public override bool Equals(object other) => Kmem.Get() is null;
            public override int GetHashCode() => 1;
            public override string ToString() => Kmem.Get() is null ? "" : "a";
        }
        sealed class Mute { }
        static class Generic
        {
            public static bool Same<T>(T a, T b) => EqualityComparer<T>.Default.Equals(a, b);
            public static string Text<T>(T a) => $"{a}";
        }
        """;

    [Theory]
    [InlineData("$\"{{|FENCE001:v|}}\"")]
    [InlineData("new char[3].AsSpan().TryWrite($\"a{{|FENCE001:v|}}\", out _)")]
    [InlineData("\"a\" + v")]
    public Task Asks_a_type_that_formats_itself_first(string expression) => Value("Own", expression, """
        readonly struct Own : ISpanFormattable
        {
            public string ToString(string format, IFormatProvider provider) => "";
            public bool TryFormat(Span<char> to, out int written, ReadOnlySpan<char> format, IFormatProvider provider) { written = 0; return Kmem.Get() is null; }
            public override string ToString() => "";
        }
        """).RunAsync();

    [Theory]
    [InlineData("object", "new char[3].AsSpan().TryWrite($\"a{{|FENCE008:v|}}\", out _)")]
    [InlineData("int", "new char[3].AsSpan().TryWrite($\"a{v}\", out _)")]
    public Task Looks_behind_the_handlers_of_the_framework(string type, string expression) => Value(type, expression).RunAsync();
}
