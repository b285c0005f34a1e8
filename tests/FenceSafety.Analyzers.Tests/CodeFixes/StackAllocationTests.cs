using FenceSafety.CodeFixes.StackAllocation;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Small arrays that stay in their function.</summary>
public class StackAllocationTests
{
    static Task Body(string body, string? fixedBody = null, int? applications = null) => Fix<StackAllocationCodeFixProvider>.Code(
        Class(body), fixedBody is null ? null : Class(fixedBody), applications);

    static string Class(string body) => $$"""
        struct Entry { public ulong Address; public int Flags; }

        class C
        {
            const int Size = 16;
            int[] _field;

            static int Sum(ReadOnlySpan<int> values) => values.Length;

            static void Keep(int[] values) { }

            static void Fill(Span<byte> bytes) { }

            [FenceCritical]
            int Run(int n)
            {
                {{body}}
            }
        }
        """;

    [Fact]
    public Task Locals() => Body(
        """
        // Scratch.
                var a = {|FENCE011:new int[Size * 2]|}; // 128 bytes
                int[] b = {|FENCE011:new int[] { 1, n }|};
                var c = {|FENCE011:new[] { n, 2L }|};
                var d = {|FENCE011:new Entry[4]|};
                a[0] = b[1] + d[n].Flags;
                foreach (int one in b)
                    a[1] += one;
                return Sum(a) + a.Length + (int)c[0];
        """,
        """
        // Scratch.
                Span<int> a = stackalloc int[Size * 2]; // 128 bytes
                Span<int> b = stackalloc int[] { 1, n };
                Span<long> c = stackalloc long[] { n, 2L };
                Span<Entry> d = stackalloc Entry[4];
                a[0] = b[1] + d[n].Flags;
                foreach (int one in b)
                    a[1] += one;
                return Sum(a) + a.Length + (int)c[0];
        """,
        applications: 4);

    [Fact]
    public Task An_argument_for_a_span() => Body(
        "Fill({|FENCE011:new byte[1024]|}); return Sum({|FENCE011:new[] { n, n }|});",
        "Fill(stackalloc byte[1024]); return Sum(stackalloc int[] { n, n });",
        applications: 2);

    [Fact]
    public Task In_a_helper_of_the_same_file() => Fix<StackAllocationCodeFixProvider>.Code(
        """
        class C
        {
            [FenceCritical]
            int Run() => {|FENCE011:Twice(2)|};

            int Twice(int n)
            {
                var two = new int[2];
                two[0] = two[1] = n;
                return two[0] + two[1];
            }
        }
        """,
        """
        class C
        {
            [FenceCritical]
            int Run() => Twice(2);

            int Twice(int n)
            {
                Span<int> two = stackalloc int[2];
                two[0] = two[1] = n;
                return two[0] + two[1];
            }
        }
        """);

    [Theory]
    [InlineData("var a = {|FENCE011:new int[257]|}; return a[0];")]
    [InlineData("var a = {|FENCE011:new int[n]|}; return a[0];")]
    [InlineData("var a = {|FENCE011:new string[2]|}; return a.Length;")]
    [InlineData("var a = {|FENCE011:new int[2]|}; _field = a; return 0;")]
    [InlineData("var a = {|FENCE011:new int[2]|}; Keep(a); return 0;")]
    [InlineData("var a = {|FENCE011:new int[2]|}; var b = a; return b[0];")]
    [InlineData("int sum = 0; for (int i = 0; i < n; i++) { var a = {|FENCE011:new int[2]|}; sum += a[0]; } return sum;")]
    [InlineData("try { return 0; } finally { var a = {|FENCE011:new int[2]|}; a[0] = 1; }")]
    [InlineData("var a = {|FENCE011:new int[2]|}; a[0] = n == 0 ? 0 : Run(n - 1); return a[0];")]
    [InlineData("var a = {|FENCE011:new int[2, 2]|}; return a[0, 0];")]
    [InlineData("var a = {|FENCE011:new int[2]|}; return Sum({|FENCE011:a[..1]|});")]
    [InlineData("int[] a = null; a = {|FENCE011:new int[2]|}; return a[0];")]
    public Task Is_not_offered(string body) => Body(body);

    [Fact]
    public Task Not_where_locals_are_not_zeroed() => Fix<StackAllocationCodeFixProvider>.Code(
        """
        class C
        {
            [FenceCritical, System.Runtime.CompilerServices.SkipLocalsInit]
            int Run()
            {
                var a = {|FENCE011:new int[2]|};
                return a[1];
            }
        }
        """.Replace("class C", "unsafe class C"));

    [Fact]
    public async Task The_program_prints_the_same() => Assert.Equal(2, await FixedProgram.PrintsTheSameAsync(
        """
        static class P
        {
            static int Sum(ReadOnlySpan<int> values)
            {
                int sum = 0;
                foreach (int one in values)
                    sum += one;
                return sum;
            }

            [FenceCritical]
            static int Execute(int n)
            {
                var zero = new long[3];
                var some = new[] { n, n + 1, 5 };
                some[2]++;
                return Sum(some) + (int)zero[1] + some.Length;
            }

            public static string Run() => Execute(3) + " " + Execute(4);
        }
        """,
        new StackAllocationCodeFixProvider()));
}
