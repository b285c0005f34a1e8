namespace FenceSafety.Analyzers.Tests.References;

/// <summary>Members of extension blocks of a library: their bodies are in static methods beside the block.</summary>
public sealed class ExtensionMemberTests
{
    const string Library =
        """
        namespace Lib;

        public static class Extensions
        {
            extension(int number)
            {
                public bool IsLarge => number > 3;
                public object Page => Kmem.Get();
                public object Next { set { Kmem.Get(); } }
                public static object Zero => Kmem.Get();
                public static int One() => 1;
            }

            extension<T>(List<T> list)
            {
                public T Take() { Kmem.Get(); return list[0]; }
                public void Each<U>(U with, Action<T, U> action) { foreach (var item in list) action(item, with); }
            }

            extension(Gfp gfp)
            {
                public object Get() => Kmem.Get(gfp);
                [MayAllocate] public void Declared() { }
                [FenceCritical] public void Critical() { }
            }

            extension(object gate)
            {
                public Held Hold() => new(gate);
            }
        }

        public sealed class Held : IDisposable
        {
            readonly object _gate;
            public Held(object gate) { _gate = gate; Monitor.Enter(gate); }
            public void Dispose() => Monitor.Exit(_gate);
        }
        """;

    /// <summary>What is said of the static methods holds for the members: the receiver is their first argument.</summary>
    [Fact]
    public async Task They_are_the_static_methods_that_implement_them()
    {
        const string Said =
            """
            M:Lib.Extensions.get_IsLarge(System.Int32); AssumeFenceSafe; "compares"
            M:Lib.Extensions.get_Page(System.Int32); MayAllocate
            M:Lib.Extensions.set_Next(System.Int32,System.Object); MayAllocate
            M:Lib.Extensions.get_Zero; MayAllocate
            M:Lib.Extensions.One; AssumeFenceSafe; "a constant"
            M:Lib.Extensions.Take``1(System.Collections.Generic.List{``0}); MayAllocate
            M:Lib.Extensions.Get(Vocabulary.Gfp); MayAllocate; FlagsParameter = "gfp", BlockingFlags = 2
            M:Lib.Extensions.Hold(System.Object); AcquiresLock; "gate"
            """;
        const string App =
            """
            using Lib;

            class C
            {
                readonly List<int> _list = new();
                [FenceSafeLock] readonly object _gate = new();
                readonly object _free = new();

                [FenceCritical] bool IsLarge() => 5.IsLarge;
                [FenceCritical] object Page() => 5.Page; // FENCE001
                [FenceCritical] void Next(int n) { n.Next = null; } // FENCE001
                [FenceCritical] object Zero() => int.Zero; // FENCE001
                [FenceCritical] int One() => int.One();
                [FenceCritical] int Take() => _list.Take(); // FENCE001
                [FenceCritical] void Blocking() { Gfp.Kernel.Get(); } // FENCE001
                [FenceCritical] void NonBlocking() { Gfp.High.Get(); }
                void Held() { using (_gate.Hold()) Kmem.Get(); } // FENCE004
                void After() { using (_gate.Hold()) { } Kmem.Get(); }
                void Free() { using (_free.Hold()) Kmem.Get(); }
                void Leaks() => _free.Hold(); // FENCE016
            }
            """;

        var libraries = new Assemblies().Add("Lib", Library, summarize: false);

        Assert.Equal(Assemblies.Marked(App), Places(await libraries.WithFiles(App, ("Lib.fence.txt", Said))));
    }

    [Fact]
    public async Task They_are_unknown_without_a_summary()
    {
        const string Unknown =
            """
            using Lib;

            class C
            {
                [FenceCritical] object Page() => 5.Page; // FENCE008
                [FenceCritical] int One() => int.One(); // FENCE008
                [FenceCritical] void Declared() { Gfp.High.Declared(); } // FENCE001
                [FenceCritical] void Critical() { Gfp.High.Critical(); }
            }
            """;

        Assert.Equal(Assemblies.Marked(Unknown), Places(await new Assemblies().Add("Lib", Library, summarize: false).WithSummaries(Unknown)));
    }

    static string[] Places(IReadOnlyList<string> found) => [.. found.Select(static d => d[..d.IndexOf(':')])];
}
