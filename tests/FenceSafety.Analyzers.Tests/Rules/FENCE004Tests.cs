namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Allocation or wait under a lock that fence-critical code takes: G how locks are held and released.</summary>
public class FENCE004Tests
{
    /// <summary>A class with a lock that its critical code takes; the member is what the test is about.</summary>
    static string With(string member) => $$"""
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            [FenceSafeLock] readonly KMutex _mutex = new();

            static bool Full() => true;

        {{member}}
        }
        """;

    [Fact]
    public Task Reports_the_first_hop_under_the_lock_with_its_chain() => Verify.Async(
        """
        class Buddy
        {
            readonly object _gate = new();

            void Split() => Node();

            void Node() => Kmem.Get();

            void Refill()
            {
                lock (_gate)
                    {|#0:Split()|};
            }

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_gate|}) { }
            }
        }
        """,
        Verify.At0("FENCE004", "Buddy._gate", "Buddy.Refill → Buddy.Split → Buddy.Node → Kmem.Get"));

    [Fact]
    public Task Silent_before_and_after_the_lock() => Verify.Async(With(
        """
            void Refill()
            {
                Kmem.Get();
                lock (_gate)
                {
                    if (Full())
                        return;
                }

                Kmem.Get();
            }
        """));

    [Fact]
    public Task Reports_every_allocation_and_a_wait() => Verify.Async(With(
        """
            void Refill(Fence fence)
            {
                lock (_gate)
                {
                    {|FENCE004:Kmem.Get()|};
                    {|FENCE004:Kmem.Get()|};
                    {|FENCE004:fence.Wait()|};
                }
            }
        """));

    [Fact]
    public Task Silent_on_allocations_that_cannot_block() => Verify.Async(With(
        """
            Node _node;

            void Refill()
            {
                lock (_gate)
                {
                    Kmem.Get(Gfp.High);
                    _node = new Node();
                }
            }
        """));

    [Fact]
    public Task Silent_in_the_loop_that_releases_before_it_allocates() => Verify.Async(With(
        """
            void Refill()
            {
                for (int i = 0; i < 4; i++)
                {
                    var held = _mutex.Lock();
                    bool done = Full();
                    held.Dispose();
                    if (done)
                        return;
                    Kmem.Get();
                }
            }
        """));

    [Fact]
    public Task Reports_the_same_loop_with_the_release_on_one_branch() => Verify.Async(With(
        """
            void Refill()
            {
                for (int i = 0; i < 4; i++)
                {
                    var held = _mutex.Lock();
                    if (Full())
                    {
                        held.Dispose();
                        return;
                    }

                    {|FENCE004:Kmem.Get()|};
                    held.Dispose();
                }
            }
        """));

    [Fact]
    public Task Reports_until_the_finally_that_releases() => Verify.Async(With(
        """
            void Refill()
            {
                bool taken = false;
                try
                {
                    Monitor.Enter(_gate, ref taken);
                    {|FENCE004:Kmem.Get()|};
                }
                finally
                {
                    if (taken)
                        Monitor.Exit(_gate);
                }

                Kmem.Get();
            }
        """));

    [Fact]
    public Task Reports_under_a_try_that_succeeded_only() => Verify.Async(With(
        """
            void Refill()
            {
                if (!Monitor.TryEnter(_gate))
                {
                    Kmem.Get();
                    return;
                }

                {|FENCE004:Kmem.Get()|};
                Monitor.Exit(_gate);
            }
        """));

    [Fact]
    public Task Reports_under_a_guard_that_another_class_handed_on() => Verify.Async(
        """
        class Pramin
        {
            [FenceSafeLock] readonly KMutex _lock = new();

            public KMutex.Held Open() => _lock.Lock();
        }

        class C
        {
            void Prepare(Pramin pramin)
            {
                using (var window = pramin.Open())
                    {|#0:Kmem.Get()|};
                Kmem.Get();
            }
        }
        """,
        Verify.At0("FENCE004", "Pramin._lock"));

    [Fact]
    public Task Reports_between_a_declared_take_and_give() => Verify.Async(With(
        """
            [AcquiresLock("_gate")] void Take() => Monitor.Enter(_gate);

            [ReleasesLock("_gate")] void Give() => Monitor.Exit(_gate);

            void Refill()
            {
                Take();
                {|FENCE004:Kmem.Get()|};
                Give();
                Kmem.Get();
            }
        """));

    [Fact]
    public Task Reports_in_the_innermost_body_that_holds_it() => Verify.Async(With(
        """
            [RequiresLock("_gate")] void Grow() => {|FENCE004:Kmem.Get()|};

            void Refill()
            {
                lock (_gate)
                    Grow();
            }
        """));

    [Fact]
    public Task Reports_the_delegate_call_under_the_lock() => Verify.Async(With(
        """
            void With(Action action)
            {
                lock (_gate)
                    {|FENCE004:action()|};
            }

            void Refill() => With(static () => Kmem.Get());
        """));

    [Fact]
    public Task Silent_on_a_lambda_made_under_the_lock_and_run_after_it() => Verify.Async(With(
        """
            void Refill()
            {
                Action later;
                lock (_gate)
                    later = static () => Kmem.Get();
                later();
            }
        """));

    [Fact]
    public Task Silent_in_code_somebody_vouches_for() => Verify.Async(With(
        """
            [AssumeFenceSafe("runs once, before any job")]
            void Fill()
            {
                lock (_gate)
                    Kmem.Get();
            }
        """));

    [Fact]
    public Task Silent_through_reclaim_when_reclaim_waits_for_no_fence() => new FenceTest(With(
        """
            void Refill(Fence fence)
            {
                lock (_gate)
                {
                    Kmem.Get();
                    {|FENCE004:fence.Wait()|};
                }
            }
        """)).WithOption("fence_safety.reclaim_waits_for_fences", "false").RunAsync();

    [Fact]
    public Task Reports_managed_allocations_that_count_as_blocking() => new FenceTest(With(
        """
            Node _node;

            void Refill()
            {
                lock (_gate)
                    _node = {|FENCE004:new Node()|};
            }
        """)).WithOption("fence_safety.managed_allocations", "blocking").RunAsync();
}
