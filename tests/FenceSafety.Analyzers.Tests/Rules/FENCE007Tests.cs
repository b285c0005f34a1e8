namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Reclaim that allocates, or takes a lock held while allocating (O).</summary>
public class FENCE007Tests
{
    [Fact]
    public Task Reports_an_allocation_behind_a_call() => Verify.Async(
        """
        class Cache
        {
            void Log() => Kmem.Get();

            [RunsInReclaim]
            void Shrink() => {|#0:Log()|};
        }
        """,
        Verify.At0("FENCE007", "Cache.Shrink → Cache.Log → Kmem.Get"));

    [Fact]
    public Task Silent_on_allocations_that_cannot_block_and_elsewhere() => Verify.Async(
        """
        class Cache
        {
            void Fill() => Kmem.Get();

            [RunsInReclaim]
            void Shrink() => Kmem.Get(Gfp.High);
        }
        """);

    [Fact]
    public Task Reports_both_ends_of_a_tainted_lock() => Verify.Async(
        """
        class Cache
        {
            readonly object _gate = new();

            void Fill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }

            [RunsInReclaim]
            void Shrink()
            {
                lock ({|#0:_gate|}) { }
            }
        }
        """,
        Verify.At0("FENCE007", "Cache._gate"));

    [Fact]
    public Task Silent_on_a_lock_nobody_allocates_under() => Verify.Async(
        """
        class Cache
        {
            readonly object _gate = new();

            void Fill()
            {
                var page = Kmem.Get();
                lock (_gate) { }
            }

            [RunsInReclaim]
            void Shrink()
            {
                lock (_gate) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_fence_wait_and_a_try() => Verify.Async(
        """
        class Cache
        {
            readonly object _gate = new();

            void Fill()
            {
                lock (_gate)
                    Kmem.Get();
            }

            [RunsInReclaim]
            void Shrink(Fence fence)
            {
                fence.Wait();
                if (Monitor.TryEnter(_gate))
                    Monitor.Exit(_gate);
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_through_another_lock() => Verify.Async(
        """
        class Cache
        {
            readonly object _outer = new(), _inner = new();

            void Link()
            {
                lock (_outer)
                    lock (_inner) { }
            }

            void Fill()
            {
                lock (_inner)
                    {|FENCE004:Kmem.Get()|};
            }

            [RunsInReclaim]
            void Shrink()
            {
                lock ({|FENCE007:_outer|}) { }
            }
        }
        """);

    /// <summary>A method that becomes such a delegate runs where that runs.</summary>
    [Theory]
    [InlineData("Register(Shrink);", "{|FENCE007:Kmem.Get()|}")]
    [InlineData("_scan = Shrink;", "{|FENCE007:Kmem.Get()|}")]
    [InlineData("_scan += new Scan(this.Shrink);", "{|FENCE007:Deep()|}")]
    [InlineData("Register(Shrink);", "Kmem.Get(Gfp.High)")]
    [InlineData("Plain(Shrink);", "Kmem.Get()")]
    [InlineData("_scan = Other;", "Kmem.Get()")]
    public Task A_method_group_runs_in_reclaim_like_its_delegate(string conversion, string body) => Verify.Async(
        $$"""
        [RunsInReclaim] delegate object Scan();

        class C
        {
            Scan _scan;

            static void Register([RunsInReclaim] Func<object> scan) { }
            static void Plain(Func<object> scan) { }

            void Start() { {{conversion}} }

            object Shrink() => {{body}};
            object Deep() => Kmem.Get();
            object Other() => null;
        }
        """);

    [Fact]
    public Task A_method_group_in_reclaim_takes_a_lock_that_is_held_while_allocating() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            static void Register([RunsInReclaim] Action scan) { }

            void Start() => Register(Shrink);

            void Shrink() { lock ({|FENCE007:_gate|}) { } }

            void Grow() { lock (_gate) {|FENCE004:Kmem.Get()|}; }
        }
        """);
}
