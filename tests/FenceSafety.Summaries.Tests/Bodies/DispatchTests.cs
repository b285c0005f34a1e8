namespace FenceSafety.Summaries.Tests.Bodies;

/// <summary>Where calls go: virtual members, interfaces, delegates, type parameters.</summary>
public class DispatchTests
{
    [Fact]
    public void Enumerating_an_async_iterator_runs_it() =>
        Il.Expect(
            """
            class C
            {
                static async IAsyncEnumerable<int> Items() { Heap.Get(); await Task.CompletedTask; yield return 1; }
                static async IAsyncEnumerable<int> Calm() { await Task.CompletedTask; yield return 1; }
                static async Task Each() { await foreach (int item in Items()) { } }
                static async Task Quiet() { await foreach (int item in Calm()) { } }
                [FenceCritical] internal void Run() { _ = Each(); }
                [FenceCritical] internal void RunQuiet() { _ = Quiet(); }
                [FenceCritical] internal void Make() { _ = Items(); }
            }
            """,
            "FENCE001 C.Run", "FENCE003 C.Run", "FENCE011 C.Run iterator", "FENCE003 C.RunQuiet", "FENCE011 C.RunQuiet iterator", "FENCE011 C.Make iterator");

    [Fact]
    public void What_an_async_iterator_does_behind_a_yield_and_under_a_lock_counts() =>
        Il.Expect(
            """
            class C
            {
                static readonly object s_gate = new();
                static readonly object s_other = new();
                static async IAsyncEnumerable<int> Items()
                {
                    yield return 1;
                    lock (s_gate) { Heap.Get(); }
                    await Task.Yield();
                    lock (s_other) { }
                    yield return 2;
                    Heap.Get();
                }
                internal static async Task Each() { await foreach (int item in Items()) { } }
                [FenceCritical] internal void Take() { lock (s_gate) { } }
                [FenceCritical] internal void TakeOther() { lock (s_other) { } }
            }
            """,
            "FENCE004 C.Items", "FENCE002 C.Take");

    /// <summary>What a step leaves held is held at the next: the body runs at each.</summary>
    [Fact]
    public void What_an_iterator_leaves_held_is_held_at_the_next_step() =>
        Il.Expect(
            """
            class C
            {
                static readonly object s_a = new();
                static readonly object s_b = new();
                static IEnumerable<int> Left() { lock (s_b) { } Monitor.Enter(s_a); yield return 1; }
                static IEnumerable<int> Calm() { lock (s_b) { } yield return 1; }
                internal static void Each() { foreach (int item in Left()) { } }
                internal static void EachCalm() { foreach (int item in Calm()) { } }
                internal static void Order() { lock (s_b) lock (s_a) { } }
            }
            """,
            "FENCE005 C.Each", "FENCE005 C.Order", "FENCE016 C.Each", "FENCE016 C.Left");

    [Fact]
    public void A_query_runs_where_it_is_enumerated() =>
        Il.Expect(
            """
            class C
            {
                static readonly object s_gate = new();
                static int One(int item) { Heap.Get(); return item; }
                static int Calm(int item) => item;
                internal static void Later(int[] items) { var query = items.Select(One); lock (s_gate) { foreach (int item in query) { } } }
                internal static void Listed(int[] items) { var query = items.Where(i => One(i) > 0); lock (s_gate) { query.ToList(); } }
                internal static void Before(int[] items) { var query = items.Select(One).ToList(); lock (s_gate) { foreach (int item in query) { } } }
                internal static void Quiet(int[] items) { var query = items.Select(Calm); lock (s_gate) { foreach (int item in query) { } } }
                [FenceCritical] internal static void Take() { lock (s_gate) { } }
            }
            """,
            "FENCE002 C.Take", "FENCE004 C.Later(System.Int32[])", "FENCE004 C.Listed(System.Int32[])");

    [Fact]
    public void Virtual_calls_reach_what_the_assembly_shows() =>
        Il.Expect(
            """
            internal abstract class Shape { public abstract void Draw(); }
            class Round : Shape { public override void Draw() => Heap.Get(); }
            sealed class Flat : Shape { public override void Draw() { } }
            class C
            {
                [FenceCritical] internal void Any(Shape s) => s.Draw();
                [FenceCritical] internal void Exact(Flat f) => f.Draw();
            }
            """,
            "FENCE001 C.Any(Shape)");

    [Fact]
    public void Enumerating_runs_the_iterators_that_implement_an_interface() =>
        Il.Expect(
            """
            internal interface ISource { IEnumerable<int> All(); }
            sealed class Source : ISource { public IEnumerable<int> All() { Heap.Get(); yield return 1; } }
            class C
            {
                [FenceCritical] internal void Run(ISource s) { foreach (int i in s.All()) { } }
            }
            """,
            "FENCE001 C.Run(ISource)",
            "FENCE011 C.Run(ISource) enumerator", "FENCE011 C.Run(ISource) iterator");

    [Fact]
    public void Interfaces_reach_explicit_implementations_of_the_right_instance() =>
        Il.Expect(
            """
            internal interface IHandler<T> { void On(T x); }
            class A : IHandler<int> { void IHandler<int>.On(int x) => Heap.Get(); }
            class B : IHandler<string> { public void On(string x) { } }
            class C
            {
                [FenceCritical] internal void Ints(IHandler<int> h) => h.On(1);
                [FenceCritical] internal void Strings(IHandler<string> h) => h.On("");
            }
            """,
            "FENCE001 C.Ints(IHandler{System.Int32})");

    [Fact]
    public void A_framework_interface_is_not_expanded() =>
        Il.Expect(
            """
            class A : IDisposable { public void Dispose() => Heap.Get(); }
            class C { [FenceCritical] public void Run(IDisposable d) => d.Dispose(); }
            """,
            "FENCE008 C.Run(System.IDisposable)");

    [Fact]
    public void A_delegate_parameter_is_substituted_call_by_call() =>
        Il.Expect(
            """
            class C
            {
                static void Call(Action a) => a();
                static void Leaf() => Heap.Get();
                static void Calm() { }
                [FenceCritical] public void Bad() => Call(Leaf);
                [FenceCritical] public void Good() => Call(Calm);
                [FenceCritical] public void Lambda() => Call(static () => Heap.Get());
            }
            """,
            "FENCE001 C.Bad", "FENCE001 C.Lambda");

    [Fact]
    public void A_member_of_a_type_parameter_is_that_of_its_argument() =>
        Il.Expect(
            """
            interface IStep { void Go(); }
            struct Hot : IStep { public void Go() => Heap.Get(); }
            struct Cold : IStep { public void Go() { } }
            class C
            {
                static void Do<T>(T x) where T : struct, IStep => x.Go();
                [FenceCritical] public void Bad() => Do(new Hot());
                [FenceCritical] public void Good() => Do(new Cold());
            }
            """,
            "FENCE001 C.Bad");

    [Fact]
    public void Members_of_no_assembly_at_hand_are_unknown() =>
        Il.Expect("class C { [FenceCritical] public unsafe void Run(delegate*<void> f) => f(); }", "FENCE008 C.Run()");

    const string Texts = "public sealed class Loud { public override string ToString() { Heap.Get(); return \"\"; } } public sealed class Mute { public override string ToString() => \"\"; } static class T { public static string Of<A>(A a) => $\"{a}\"; } ";

    [Theory]
    [InlineData("Loud v", "$\"{v}\"", true)]
    [InlineData("Loud v", "T.Of(v)", true)]
    [InlineData("Mute v", "$\"{v}\"", false)]
    [InlineData("Mute v", "T.Of(v)", false)]
    [InlineData("int v", "T.Of(v)", false)]
    public void A_hole_of_an_interpolated_string_asks_for_the_text(string parameter, string text, bool allocates)
    {
        var found = Il.Findings(Texts + "class C { [FenceCritical] string Run(" + parameter + ") => " + text + "; }", Microsoft.CodeAnalysis.OptimizationLevel.Release);
        Assert.Equal(allocates, found.Any(static f => f.StartsWith("FENCE001", StringComparison.Ordinal)));
        Assert.DoesNotContain(found, static f => f.StartsWith("FENCE008", StringComparison.Ordinal));
    }
}
