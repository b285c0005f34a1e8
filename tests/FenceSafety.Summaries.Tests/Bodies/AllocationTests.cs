namespace FenceSafety.Summaries.Tests.Bodies;

/// <summary>What IL takes from the managed heap, and what it does not.</summary>
public class AllocationTests
{
    static string Critical(string body, string parameters = "", string more = "") =>
        "class C { [FenceCritical] public void Run(" + parameters + ") { " + body + " } " + more + " }";

    [Theory]
    [InlineData("_ = new object();", "object")]
    [InlineData("GC.KeepAlive(new C());", "object")]
    [InlineData("GC.KeepAlive(new int[n]);", "array")]
    [InlineData("object o = n; GC.KeepAlive(o);", "boxing")]
    [InlineData("int? m = n; object o = m; GC.KeepAlive(o);", "boxing")]
    [InlineData("Enum e = (DayOfWeek)n; GC.KeepAlive(e);", "boxing")]
    [InlineData("string s = text + n; GC.KeepAlive(s);", "string")]
    [InlineData("Action a = Run2; GC.KeepAlive(a);", "delegate")]
    [InlineData("Action a = () => n++; GC.KeepAlive(a);", "closure", "delegate")]
    public void Allocates(string body, params string[] kinds)
    {
        string[] wanted = [.. kinds.Select(static k => "FENCE011 C.Run(System.Int32,System.String) " + k)];
        Assert.Superset(wanted.ToHashSet(), Il.Findings(Critical(body, "int n, string text", "void Run2() { }"), Microsoft.CodeAnalysis.OptimizationLevel.Release).ToHashSet());
        Assert.Superset(wanted.ToHashSet(), Il.Findings(Critical(body, "int n, string text", "void Run2() { }"), Microsoft.CodeAnalysis.OptimizationLevel.Debug).ToHashSet());
    }

    [Theory]
    [InlineData("Span<int> s = stackalloc int[4]; s[0] = n;")]
    [InlineData("Action a = static () => { }; a();")]
    [InlineData("Action a = Run3; a();")]
    [InlineData("ReadOnlySpan<byte> s = [1, 2, 3]; n = s[0];")]
    [InlineData("bool b = ((DayOfWeek)n).HasFlag(DayOfWeek.Friday);")]
    [InlineData("var t = (n, text); n = t.n;")]
    [InlineData("if (n < 0) throw new InvalidOperationException(\"negative \" + n);")]
    [InlineData("if (n < 0) Fail(text + n);")]
    [InlineData("Same(n);")]
    [InlineData("var e = (DayOfWeek)n; int h = e.GetHashCode();")]
    public void Allocates_nothing(string body) =>
        Il.Expect(Critical(body, "int n, string text", "static void Run3() { } [DoesNotReturn] static void Fail(string s) => throw new Exception(s); static bool Same<T>(T x) where T : struct => x is int;"));

    [Fact]
    public void A_box_of_a_type_parameter_depends_on_its_argument() =>
        Il.Expect(
            """
            class C
            {
                static object Box<T>(T x) => x;
                [FenceCritical] public void Value(int n) => Box(n);
                [FenceCritical] public void Reference(string s) => Box(s);
            }
            """,
            "FENCE011 C.Value(System.Int32) boxing");

    [Fact]
    public void A_constrained_call_boxes_what_does_not_override() =>
        Il.Expect(
            """
            struct Plain { }
            struct Own { public override int GetHashCode() => 1; }
            class C
            {
                [FenceCritical] public void P(Plain p) => p.GetHashCode();
                [FenceCritical] public void O(Own o) => o.GetHashCode();
            }
            """,
            "FENCE011 C.P(Plain) boxing");

    [Fact]
    public void A_state_machine_belongs_to_the_method_that_makes_it() =>
        Il.Expect(
            """
            class C
            {
                [FenceCritical] public async Task Async() { Heap.Get(); await Task.CompletedTask; }
                [FenceCritical] public async Task Waits(Task t) { await t; Heap.Get(); }
                public IEnumerable<int> Numbers() { Heap.Get(); yield return 1; }
                [FenceCritical] public void Makes() => Numbers();
            }
            """,
            "FENCE001 C.Async", "FENCE011 C.Async async", "FENCE011 C.Makes iterator", "FENCE001 C.Waits(System.Threading.Tasks.Task)",
            "FENCE003 C.Waits(System.Threading.Tasks.Task)", "FENCE011 C.Waits(System.Threading.Tasks.Task) async");

    /// <summary>All bits: the short form of -1 was read as 65535.</summary>
    [Theory]
    [InlineData("-1", true)]
    [InlineData("0xFFFF", false)]
    [InlineData("0x10000", true)]
    public void Flags_are_read_with_all_their_bits(string flags, bool blocks) =>
        Il.Expect(
            $$"""
            static class Kmem { [MayAllocate(FlagsParameter = "flags", BlockingFlags = 0x10000)] public static void Get(int flags) { } }
            class C { [FenceCritical] public void Run() => Kmem.Get({{flags}}); }
            """,
            blocks ? ["FENCE001 C.Run"] : []);

    [Fact]
    public void A_type_initialiser_runs_at_the_first_access_from_elsewhere() =>
        Il.Expect(
            """
            static class Once { public static int A; static Once() { Heap.Get(); } }
            class C { [FenceCritical] public int Run() => Once.A; }
            """,
            "FENCE001 C.Run");
}
