namespace FenceSafety.Analyzers.Tests.References;

/// <summary>
/// The limits that docs/summaries.md lists: where an application is judged otherwise with summaries than with the source. Lines are marked
/// with what the source gives.
/// </summary>
public sealed class SummaryLimitTests
{
    static async Task Differs(Assemblies libraries, string app, string[] missed, string[] more)
    {
        string[] source = Places(await libraries.WithSource(app)), summaries = Places(await libraries.WithSummaries(app));
        Assert.Equal(Assemblies.Marked(app), source);
        Assert.Equal(missed, source.Except(summaries));
        Assert.Equal(more, summaries.Except(source));
    }

    static string[] Places(IReadOnlyList<string> found) => [.. found.Select(static d => d[..d.IndexOf(':')])];

    [Fact]
    public Task Missed_a_lock_that_a_property_of_a_third_assembly_returns() => Differs(
        new Assemblies().Add(
            "Low",
            """
            namespace Low;

            public class Holder
            {
                readonly object _gate = new();

                public object Gate => _gate;
            }
            """).Add(
            "Mid",
            """
            namespace Mid;

            public static class Pool
            {
                public static void Refill(Low.Holder holder)
                {
                    lock (holder.Gate)
                        Kmem.Get();
                }
            }
            """),
        """
        class C
        {
            [FenceCritical]
            void Run(Low.Holder holder)
            {
                lock (holder.Gate) { } // FENCE002
            }

            void Grow(Low.Holder holder) => Mid.Pool.Refill(holder); // FENCE004
        }
        """,
        missed: ["005 FENCE002", "008 FENCE004"],
        more: []);

    [Fact]
    public Task Missed_a_lock_field_that_a_librarys_constructor_fills_from_outside() => Differs(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public class Holder
            {
                readonly object _lock;

                public Holder(object gate) { _lock = gate; }

                public void Work()
                {
                    lock (_lock)
                        Kmem.Get();
                }
            }
            """),
        """
        class C
        {
            readonly object _gate = new();
            readonly Lib.Holder _holder;

            C() { _holder = new Lib.Holder(_gate); }

            [FenceCritical]
            void Run()
            {
                lock (_gate) { } // FENCE002
            }

            void Grow() => _holder.Work(); // FENCE004
        }
        """,
        missed: ["010 FENCE002", "013 FENCE004"],
        more: []);

    [Fact]
    public Task Missed_throw_paths_of_a_library()
    {
        var libraries = new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Check
            {
                public static void Positive(int n)
                {
                    if (n <= 0)
                        throw new ArgumentException("n");
                }
            }
            """);
        libraries.Options.Add("fence_safety.throw_paths", "include");
        return Differs(
            libraries,
            """
            class C
            {
                [FenceCritical]
                void Run(int n) => Lib.Check.Positive(n); // FENCE011
            }
            """,
            missed: ["003 FENCE011"],
            more: []);
    }

    /// <summary>Who compiles the library is told, by its own analysis; who uses it is not, with its source or without.</summary>
    [Fact]
    public Task Missed_what_cannot_be_verified_under_a_librarys_lock() => Differs(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public class Pool
            {
                public readonly object Gate = new();

                public Action Hook;

                public void Kick()
                {
                    lock (Gate)
                        Hook();
                }
            }
            """),
        """
        class C
        {
            [FenceCritical]
            void Run(Lib.Pool pool)
            {
                lock (pool.Gate) { }
            }

            void Other(Lib.Pool pool) => pool.Kick();
        }
        """,
        missed: [],
        more: []);

    [Fact]
    public async Task Missed_hops_of_a_chain_two_assemblies_away()
    {
        var libraries = new Assemblies().Add(
            "Low",
            """
            namespace Low;

            public class Pool
            {
                public readonly object Gate = new();

                public void Refill()
                {
                    lock (Gate)
                        Kmem.Get();
                }
            }
            """).Add(
            "Mid",
            """
            namespace Mid;

            public static class Work
            {
                public static void Do(Low.Pool pool) => Step(pool);

                static void Step(Low.Pool pool) => pool.Refill();
            }
            """);
        const string App =
            """
            class C
            {
                [FenceCritical]
                void Run(Low.Pool pool)
                {
                    lock (pool.Gate) { } // FENCE002
                }

                void Grow(Low.Pool pool) => Mid.Work.Do(pool); // FENCE004
            }
            """;

        var found = await libraries.WithSummaries(App);

        Assert.Equal(Assemblies.Marked(App), Places(found));
        Assert.EndsWith("C.Grow → Work.Do → Pool.Refill → Kmem.Get", found[1]);
    }

    [Fact]
    public Task FalsePositive_an_order_that_a_librarys_lock_makes_harmless() => Differs(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Both
            {
                static readonly object Whole = new();

                public static void Take(object first, object second)
                {
                    lock (Whole)
                        lock (first)
                            lock (second) { }
                }
            }
            """),
        """
        class C
        {
            readonly object _a = new(), _b = new();

            void One() => Lib.Both.Take(_a, _b);

            void Other() => Lib.Both.Take(_b, _a);
        }
        """,
        missed: [],
        more: ["004 FENCE005", "006 FENCE005"]);

    [Fact]
    public async Task Missed_a_class_that_an_annotation_file_gives_a_lock_inside_a_summary()
    {
        var libraries = new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public class Pool
            {
                public readonly object Gate = new();

                public void Refill()
                {
                    lock (Gate)
                        Kmem.Get();
                }
            }
            """);
        const string App =
            """
            class C
            {
                [LockClass("pool")] readonly object _gate = new();

                [FenceCritical]
                void Run()
                {
                    lock (_gate) { } // FENCE002
                }

                void Grow(Lib.Pool pool) => pool.Refill(); // FENCE004
            }
            """;
        (string, string) annotation = ("Lib.fence.txt", "F:Lib.Pool.Gate; LockClass; \"pool\"");

        Assert.Equal(Assemblies.Marked(App), Places(await libraries.WithSource(App, annotation)));
        Assert.Empty(await libraries.WithSummaries(App, annotation));
        string common = App.Replace("\"pool\"", "\"Lib.Pool.Gate\"", StringComparison.Ordinal);
        Assert.Equal(Assemblies.Marked(App), Places(await libraries.WithSummaries(common)));
    }

    [Fact]
    public Task Missed_an_object_that_a_librarys_finder_found() => Differs(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            [RefCounted(Acquire = "TryGet", Release = "Put")]
            public sealed class Page
            {
                public readonly object Gate = new();
                public bool TryGet() => true;
                public void Put() { }
            }

            public sealed class Table
            {
                readonly object _gate = new();
                Page _first;

                public Page Find() { lock (_gate) return _first; }
            }
            """),
        """
        class C
        {
            void Run(Lib.Table table)
            {
                var page = table.Find();
                lock (page.Gate) { } // FENCE014
            }
        }
        """,
        missed: ["005 FENCE014"],
        more: []);
}
