namespace FenceSafety.Analyzers.Tests.References;

/// <summary>An application on libraries with summaries is judged as it is with their source; places in them become text.</summary>
public sealed class SummaryTests
{
    static async Task Same(Assemblies libraries, string app)
    {
        var summaries = await Marked(libraries, app);
        Assert.Equal(await libraries.WithSource(app), summaries);
    }

    static async Task<IReadOnlyList<string>> Marked(Assemblies libraries, string app)
    {
        var found = await libraries.WithSummaries(app);
        string[] places = [.. found.Select(d => d[..d.IndexOf(':')])];
        Assert.True(Assemblies.Marked(app).SequenceEqual(places), string.Join('\n', found));
        return found;
    }

    const string Pool =
        """
        namespace Lib;

        public class Pool
        {
            public readonly object Gate = new();
            readonly object _inner = new();

            public void Refill()
            {
                lock (Gate)
                    Grow();
            }

            void Grow() => Kmem.Get();

            public void Drain(Fence fence)
            {
                lock (_inner)
                    fence.Wait();
            }

            public void Order()
            {
                lock (Gate)
                    lock (_inner) { }
            }

            public void Harmless()
            {
                lock (Gate) { }
                Kmem.Get(Gfp.High);
            }

            public object Make() => new object();

            public object[] Array(int length) => new object[length];

            public void Take(Gfp gfp) => Kmem.Get(gfp);
        }
        """;

    [Fact]
    public Task What_critical_code_reaches_in_a_library() => Same(
        new Assemblies().Add("Lib", Pool),
        """
        class C
        {
            [FenceCritical]
            void Run(Lib.Pool pool, Fence fence)
            {
                pool.Refill(); // FENCE001, FENCE002
                pool.Drain(fence); // FENCE003
                pool.Harmless(); // FENCE002
                pool.Take(Gfp.Reclaim); // FENCE001
                pool.Take(Gfp.High);
                pool.Make(); // FENCE011
                new Lib.Pool(); // FENCE011
            }
        }
        """);

    /// <summary>Missed until the differential tests found it.</summary>
    /// <summary>On the other path the region has ended: missed until the differential tests found it.</summary>
    [Fact]
    public Task What_a_library_does_under_a_lock_where_a_region_may_have_ended() => Marked(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Ring
            {
                public static void Drain(object gate, Fence fence)
                {
                    lock (gate)
                        fence.Wait();
                }
            }
            """),
        """
        class C
        {
            static readonly object s_gate = new();

            static bool Full() => true;

            void Run(Fence fence)
            {
                bool cookie = Fence.Begin(); // FENCE016
                if (Full())
                    Fence.End(cookie);
                Lib.Ring.Drain(s_gate, fence); // FENCE003, FENCE004
            }
        }
        """);

    /// <summary>The library's critical code is told that it cannot be known; whose lock it is only the application knows.</summary>
    [Fact]
    public Task Missed_a_lock_that_is_handed_to_critical_code_of_a_library() => Marked(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Ring
            {
                public static void Signal(object gate)
                {
                    using (Fence.BeginSignalling())
                    {
                        lock (gate) { }
                    }
                }
            }
            """),
        """
        class C
        {
            static readonly object s_gate = new();

            void Run() => Lib.Ring.Signal(s_gate);

            void Refill()
            {
                lock (s_gate)
                    Kmem.Get();
            }
        }
        """);

    [Fact]
    public Task An_async_iterator_that_a_library_enumerates() => Marked(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Source
            {
                static async IAsyncEnumerable<int> Items()
                {
                    Kmem.Get();
                    await Task.CompletedTask;
                    yield return 1;
                }

                public static async Task Run()
                {
                    await foreach (int item in Items()) { }
                }
            }
            """),
        """
        class C
        {
            [FenceCritical]
            void Run()
            {
                _ = Lib.Source.Run(); // FENCE001, FENCE003, FENCE011
            }
        }
        """);

    [Fact]
    public Task An_iterator_of_a_library_runs_in_the_loop() => Same(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Source
            {
                public static IEnumerable<int> All(object gate)
                {
                    lock (gate)
                        Kmem.Get();
                    yield return 1;
                }
            }
            """),
        """
        class C
        {
            static readonly object s_gate = new();

            [FenceCritical]
            static void Run()
            {
                foreach (int i in Lib.Source.All(s_gate)) { } // FENCE001, FENCE011, FENCE002
            }

            static void Fill()
            {
                lock (s_gate)
                    Kmem.Get(); // FENCE004
            }
        }
        """);

    [Fact]
    public Task A_lock_that_a_library_taints() => Same(
        new Assemblies().Add("Lib", Pool),
        """
        class C
        {
            [FenceCritical]
            void Run(Lib.Pool pool)
            {
                lock (pool.Gate) { } // FENCE002
            }

            void Grow(Lib.Pool pool)
            {
                pool.Harmless();
                pool.Refill(); // FENCE004
            }
        }
        """);

    [Fact]
    public Task A_wait_in_a_library_under_a_lock_behind_another() => Same(
        new Assemblies().Add("Lib", Pool),
        """
        class C
        {
            [FenceCritical]
            void Run(Lib.Pool pool)
            {
                pool.Harmless(); // FENCE002
            }

            void Settle(Lib.Pool pool, Fence fence) => pool.Drain(fence); // FENCE004
        }
        """);

    [Fact]
    public Task Edge_allocation_and_critical_code_in_three_assemblies() => Same(
        new Assemblies().Add(
            "Low",
            """
            namespace Low;

            public static class Heap
            {
                public static void Fill() => Kmem.Get();

                public static void Look() { }
            }
            """).Add(
            "Mid",
            """
            namespace Mid;

            public class Pool
            {
                public readonly object Gate = new(), Other = new();

                public void Refill()
                {
                    lock (Gate)
                        Low.Heap.Fill();
                    lock (Other)
                        Low.Heap.Look();
                }
            }
            """),
        """
        class C
        {
            [FenceCritical]
            void Run(Mid.Pool pool)
            {
                lock (pool.Gate) { } // FENCE002
                lock (pool.Other) { }
            }

            void Grow(Mid.Pool pool) => pool.Refill(); // FENCE004
        }
        """);

    [Fact]
    public Task Locks_guards_and_delegates_that_cross_the_border() => Same(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public sealed class Guard : IDisposable
            {
                readonly object _lock;

                public Guard(object gate)
                {
                    Monitor.Enter(gate);
                    _lock = gate;
                }

                public void Dispose() => Monitor.Exit(_lock);
            }

            public static class Util
            {
                public static void Under(object gate, Action action)
                {
                    lock (gate)
                        action();
                }

                public static Action Allocator() => () => Kmem.Get();
            }
            """),
        """
        class C
        {
            readonly object _a = new(), _b = new();

            [FenceCritical]
            void Run()
            {
                lock (_a) { } // FENCE002
                lock (_b) { } // FENCE002
                Lib.Util.Allocator()(); // FENCE008
            }

            void Grow()
            {
                using (new Lib.Guard(_a))
                    Kmem.Get(); // FENCE004
                Lib.Util.Under(_b, static () => { });
                Lib.Util.Under(_b, static () => Kmem.Get()); // FENCE004
            }
        }
        """);

    [Fact]
    public Task What_a_library_does_behind_its_interfaces() => Marked(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public interface IJob
            {
                void Do();
            }

            public static class Jobs
            {
                public static readonly IJob Heavy = new HeavyJob();

                public static void Start(IJob job) => job.Do();
            }

            class HeavyJob : IJob
            {
                public void Do() => Kmem.Get();
            }
            """),
        """
        class Waits : Lib.IJob
        {
            readonly Fence _fence = null;

            public void Do() => _fence.Wait();
        }

        class C
        {
            [FenceCritical]
            void Run(Lib.IJob job)
            {
                Lib.Jobs.Start(job); // FENCE001, FENCE003
            }
        }
        """);

    [Fact]
    public Task The_order_of_a_library_against_the_applications() => Same(
        new Assemblies().Add("Lib", Pool.Replace("readonly object _inner", "public readonly object Inner", StringComparison.Ordinal).Replace("_inner", "Inner", StringComparison.Ordinal)),
        """
        class C
        {
            void Wrong(Lib.Pool pool)
            {
                lock (pool.Inner)
                    lock (pool.Gate) { } // FENCE005
            }

            void OtherEnd(Lib.Pool pool)
            {
                lock (pool.Gate)
                    lock (pool.Inner) { } // FENCE005
            }
        }
        """);

    [Fact]
    public Task What_the_first_use_of_a_librarys_static_field_runs() => Same(
        new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Table
            {
                public static readonly object First = Make();
                public const int Size = 3;

                static object Make() => Kmem.Get();
            }

            public static class Plain
            {
                public static readonly int Size = 3 + Table.Size;
            }

            [AssumeFenceSafe("filled before the first job")]
            public static class Trusted
            {
                public static readonly object First = Kmem.Get();
            }
            """),
        """
        class C
        {
            [FenceCritical]
            object Run() => Lib.Table.First; // FENCE001

            [FenceCritical]
            int Sizes() => Lib.Table.Size + Lib.Plain.Size;

            [FenceCritical]
            object Vouched() => Lib.Trusted.First;
        }
        """);
}
