using FenceSafety.Core;
using FenceSafety.Summaries.Metadata;
using FenceSafety.Summaries.Program;

namespace FenceSafety.Summaries.Tests.Metadata;

/// <summary>Chains call what they meet in IL as the source does.</summary>
public class DisplayTests
{
    const string Source = """
        namespace N
        {
            interface IStep { void Go(); }
            class Outer<T>
            {
                public class Inner : IStep
                {
                    public Inner() => Heap.Get();
                    public int Size { get { Heap.Get(); return 0; } }
                    public int this[int i] { set => Heap.Get(); }
                    public static Inner operator +(Inner a, int b) { Heap.Get(); return a; }
                    public static void Local() { void Step() => Heap.Get(); Step(); }
                    public static void Lambda() { Action action = () => Heap.Get(); action(); }
                    void IStep.Go() => Heap.Get();
                }
            }
            class Table { public static readonly int Size = Make(); static int Make() { Heap.Get(); return 1; } static Table() { } }
        }
        class C
        {
            [FenceCritical] void Make() => new N.Outer<int>.Inner();
            [FenceCritical] int Read(N.Outer<int>.Inner x) => x.Size;
            [FenceCritical] void Write(N.Outer<int>.Inner x) => x[1] = 2;
            [FenceCritical] void Add(N.Outer<int>.Inner x) => _ = x + 1;
            [FenceCritical] void Local() => N.Outer<int>.Inner.Local();
            [FenceCritical] void Lambda() => N.Outer<int>.Inner.Lambda();
            [FenceCritical] void Explicit(N.IStep x) => x.Go();
            [FenceCritical] int Static() => N.Table.Size;
        }
        """;

    [Theory]
    [InlineData("C.Make → new Outer<T>.Inner → Heap.Get")]
    [InlineData("C.Read → Outer<T>.Inner.Size.get → Heap.Get")]
    [InlineData("C.Write → Outer<T>.Inner.this[].set → Heap.Get")]
    [InlineData("C.Add → Outer<T>.Inner.operator Addition → Heap.Get")]
    [InlineData("C.Local → Outer<T>.Inner.Local → Outer<T>.Inner.Local.Step → Heap.Get")]
    [InlineData("C.Lambda → Outer<T>.Inner.Lambda → Outer<T>.Inner.Lambda.lambda → Heap.Get")]
    [InlineData("C.Explicit → Outer<T>.Inner.Go → Heap.Get")]
    [InlineData("C.Static → Table.static constructor → Table.Make → Heap.Get")]
    public void Members_have_the_names_of_the_source(string chain)
    {
        using var world = new World();
        var program = Il.Program(world, Il.Compile(Source + Il.Allocator));
        var chains = Engine.Analyze(program, new EngineOptions(), default).Findings.Where(static f => f.Rule == "FENCE001").Select(static f => f.Message[(f.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        Assert.Contains(chain, chains);
    }

    [Theory]
    [InlineData("M:Words.Fence.Wait", "Fence.Wait")]
    [InlineData("M:Other.Do(System.Int32,N.Pair{System.String})~System.Int32", "Other.Do")]
    [InlineData("M:N.Outer`2.#ctor(`0)", "new Outer<T1, T2>")]
    [InlineData("M:N.List`1.get_Count~System.Int32", "List<T>.Count.get")]
    [InlineData("M:N.Pool.Rent``1(System.Int32)~``0", "Pool.Rent")]
    [InlineData("M:Global", "Global")]
    [InlineData("new int[]", "new int[]")]
    public void A_member_that_is_not_at_hand_is_read_from_its_id(string id, string display) => Assert.Equal(display, Displays.Of(id));
}
