using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>
/// What may be held is not held for sure: it must not excuse what happens on the other paths. Each was missed until the differential
/// tests found it.
/// </summary>
public class HeldOnSomePathTests
{
    [Fact]
    public Task Reports_an_allocation_that_a_region_may_have_ended_before() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            static bool Full() => true;

            void Run()
            {
                bool cookie = {|FENCE016:Fence.Begin()|};
                if (Full())
                    Fence.End(cookie);
                lock ({|FENCE002:_gate|})
                    {|FENCE001:{|FENCE004:Kmem.Get()|}|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_the_lock_where_the_region_is_certain() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Run()
            {
                bool cookie = Fence.Begin();
                lock (_gate)
                    {|FENCE001:Kmem.Get()|};
                Fence.End(cookie);
            }
        }
        """);

    [Fact]
    public Task Reports_an_inversion_that_only_one_path_guards() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();
            readonly object _a = new();
            readonly object _b = new();

            static bool Full() => true;

            void One()
            {
                bool taken = Full() && Monitor.TryEnter(_gate);
                lock (_a)
                    lock ({|FENCE005:_b|}) { }
                if (taken)
                    Monitor.Exit(_gate);
            }

            void Other()
            {
                lock (_gate)
                    lock (_b)
                        lock ({|FENCE005:_a|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_an_inversion_under_a_try_that_was_tested() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();
            readonly object _a = new();
            readonly object _b = new();

            void One()
            {
                bool taken = Monitor.TryEnter(_gate);
                if (!taken)
                    return;
                lock (_a)
                    lock (_b) { }
                Monitor.Exit(_gate);
            }

            void Other()
            {
                lock (_gate)
                    lock (_b)
                        lock (_a) { }
            }
        }
        """);

    [Fact]
    public Task Reports_a_snapshot_under_a_lock_of_one_path() => Verify.Async(Entries(
        """
            void Fault()
            {
                bool taken = Monitor.TryEnter(_lock);
                long entry = Peek();
                Split({|FENCE015:entry|});
                if (taken)
                    Monitor.Exit(_lock);
            }
        """));

    [Fact]
    public Task Reports_a_snapshot_under_a_lock_that_a_callee_leaves_held_on_one_path() => Verify.Async(Entries(
        """
            static bool Full() => true;

            void Take()
            {
                {|FENCE016:Monitor.Enter(_lock)|};
                if (Full())
                    Monitor.Exit(_lock);
            }

            void Fault()
            {
                {|FENCE016:Take()|};
                long entry = Peek();
                Split({|FENCE015:entry|});
            }
        """));

    [Fact]
    public Task Silent_on_a_snapshot_under_a_lock_that_was_tested() => Verify.Async(Entries(
        """
            void Fault()
            {
                bool taken = Monitor.TryEnter(_lock);
                if (taken)
                {
                    long entry = Peek();
                    Split(entry);
                    Monitor.Exit(_lock);
                }
            }
        """));

    [Fact]
    public Task Reports_a_value_that_was_overwritten_on_one_path_and_then_consumed() => Verify.Async(
        """
        class C
        {
            static bool Full() => true;

            void Run()
            {
                var plan = {|FENCE013:new Plan()|};
                if (Full())
                    plan = new Plan();
                plan.Done();
            }
        }
        """ + Plan);

    [Fact]
    public Task Silent_on_a_value_that_another_local_keeps() => Verify.Async(
        """
        class C
        {
            static bool Full() => true;

            void Run()
            {
                var plan = new Plan();
                var first = plan;
                if (Full())
                    plan = null;
                first.Done();
            }

            void Again()
            {
                var plan = new Plan();
                if (Full())
                {
                    plan.Done();
                    plan = new Plan();
                }
                plan.Done();
            }
        }
        """ + Plan);

    [Theory]
    [InlineData(ProjectReferenceKind.MetadataImage)]
    [InlineData(ProjectReferenceKind.Compilation)]
    public Task Silent_on_the_disposal_of_a_guard_from_a_library(ProjectReferenceKind kind) => new FenceTest(
        """
        class C
        {
            [FenceSafeLock] readonly Gate _gate = new();

            [FenceCritical]
            void Run()
            {
                using (_gate.Lock()) { }
                var held = _gate.Lock();
                held.Dispose();
                using var other = _gate.Lock();
            }
        }
        """).WithLibrary(
        """
        [LockPrimitive(LockKind.Sleeping)]
        public sealed class Gate
        {
            int _held;

            [AcquiresLock]
            public Guard Lock() => new Guard(this);

            [ReleasesLock]
            internal void Unlock() => _held = 0;

            public readonly ref struct Guard
            {
                readonly Gate _gate;

                internal Guard(Gate gate) { _gate = gate; }

                public void Dispose() => _gate?.Unlock();
            }
        }
        """,
        kind).RunAsync();

    [Fact]
    public Task Reports_the_outer_of_two_acquisitions_where_a_callee_gives_back_the_inner() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            static void Drop(object gate)
            {
                {|FENCE016:Monitor.Exit(gate)|};
                Kmem.Get();
                {|FENCE016:Monitor.Enter(gate)|};
            }

            void Run()
            {
                lock (_gate)
                    lock (_gate)
                        {|FENCE004:Drop(_gate)|};
            }

            [FenceCritical]
            void Take()
            {
                lock ({|FENCE002:_gate|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_where_the_callee_gives_back_the_only_one() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            static void Drop(object gate)
            {
                {|FENCE016:Monitor.Exit(gate)|};
                Kmem.Get();
                {|FENCE016:Monitor.Enter(gate)|};
            }

            void Run()
            {
                lock (_gate)
                    Drop(_gate);
            }

            [FenceCritical]
            void Take()
            {
                lock (_gate) { }
            }
        }
        """);

    /// <summary>If the inner acquisition was not made, the release is of the outer one.</summary>
    [Fact]
    public Task Reports_an_inversion_under_a_lock_that_may_be_given_back_by_now() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();
            static readonly object s_b = new();

            static bool Full() => true;

            static void Leak()
            {
                {|FENCE016:Monitor.Enter(s_a)|};
                if (Full())
                    Monitor.Exit(s_a);
            }

            static void Run()
            {
                lock (s_a)
                    lock ({|FENCE005:s_b|}) { }
                {|FENCE016:Monitor.Enter(s_a)|};
                Leak();
                Monitor.Exit(s_a);
                lock ({|FENCE005:s_b|})
                    lock ({|FENCE005:s_a|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_where_the_lock_around_is_held_for_sure() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();
            static readonly object s_b = new();

            static void Run()
            {
                lock (s_a)
                    lock (s_b) { }
                lock (s_a)
                {
                    lock (s_a) { }
                    lock (s_b)
                        lock (s_a) { }
                }
            }
        }
        """);

    [Fact]
    public Task Reports_an_allocation_behind_the_end_of_a_region_that_may_be_the_outer_one() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            static bool Full() => true;

            void Run()
            {
                bool outer = {|FENCE016:Fence.Begin()|};
                bool inner = Fence.Begin();
                if (Full())
                    Fence.End(inner);
                Fence.End(outer);
                lock ({|FENCE002:_gate|})
                    {|FENCE001:{|FENCE004:Kmem.Get()|}|};
            }
        }
        """);

    static string Entries(string members) =>
        """
        class C
        {
            readonly object _lock = new();
            long _entry;

            [Snapshot]
            long Peek() => _entry;

            void Split([RequiresStable] long entry) { }


        """ + members + "\n}\n";

    const string Plan = """

        [MustConsume]
        sealed class Plan
        {
            [Consumes]
            public void Done() { }
        }
        """;
}
