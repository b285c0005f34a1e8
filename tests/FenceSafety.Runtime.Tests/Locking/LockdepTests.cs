using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Reclaiming;

namespace FenceSafety.Runtime.Tests.Locking;

public sealed class LockdepTests : IDisposable
{
    private readonly LockdepSession _lockdep = new();
    private readonly Reclaim _reclaim = new();
    private readonly SleepingMutex _a = new("order.A");
    private readonly SleepingMutex _b = new("order.B");
    private readonly RwSemaphore _rw = new("order.RW");
    private readonly RawSpinLock _spin = new("order.spin");

    public void Dispose() => _lockdep.Dispose();

    [Fact]
    public void Lockdep_is_on_in_these_tests() => Assert.True(Lockdep.Enabled);

    [Fact]
    public void Inversion_is_reported_without_the_deadlock()
    {
        Nest(_a, _b);
        _lockdep.AssertClean();
        Nest(_b, _a);
        Assert.Equal(("FENCE005", "order.B -> order.A -> order.B"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void Inversion_is_reported_across_threads_before_the_lock_is_waited_for()
    {
        TestThread other;
        using ManualResetEventSlim reported = new();
        _lockdep.Graph.Reported += _ => reported.Set();
        Nest(_a, _b);
        using (_a.Lock())
        {
            // The other thread holds B and hangs on A, which this one has; the report does not wait for that.
            other = _lockdep.Start(() => Nest(_b, _a));
            Assert.True(reported.Wait(TestThread.Bound));
        }

        other.Join();
        Assert.Equal("order.B -> order.A -> order.B", _lockdep.Report.Path);
    }

    [Fact]
    public void Locks_that_were_held_together_are_ordered_through_each_other()
    {
        SleepingMutex c = new("order.C");
        using (_a.Lock())
        using (_b.Lock())
        using (c.Lock())
        {
        }

        Nest(c, _a);
        Assert.Equal("order.C -> order.A -> order.B -> order.C", _lockdep.Report.Path);
    }

    [Fact]
    public void Locks_may_be_released_in_any_order()
    {
        SleepingMutex.Guard a = _a.Lock();
        SleepingMutex.Guard b = _b.Lock();
        a.Dispose();
        _spin.Lock().Dispose();
        b.Dispose();
        Assert.Equal(["order.A -> order.B", "order.B -> order.spin"], SeenEdges());
    }

    [Fact]
    public void A_try_is_no_order_but_holds_its_lock()
    {
        using (_a.Lock())
        {
            Assert.True(_b.TryLock(out SleepingMutex.Guard b));
            b.Dispose();
        }

        Nest(_b, _a);
        _lockdep.AssertClean();

        Assert.True(_a.TryLock(out SleepingMutex.Guard a));
        using (a)
        using (_b.Lock())
        {
        }

        Assert.Equal("order.A -> order.B -> order.A", _lockdep.Report.Path);
    }

    [Fact]
    public void Self_deadlock_and_two_instances_of_a_class()
    {
        using (_a.Lock())
        {
            Assert.Throws<LockRecursionException>(() => _a.Lock().Dispose());
        }

        Assert.Equal(("FENCE005", "order.A -> order.A"), (_lockdep.Report.Rule, _lockdep.Report.Path));
        Nest(_b, new SleepingMutex("order.B"));
        Assert.Equal("order.B -> order.B", _lockdep.Graph.Reports[1].Path);
    }

    [Fact]
    public void Subclasses_are_classes_of_their_own()
    {
        SleepingMutex inner = new(LockClass.Of("order.A", subclass: 1));
        Nest(_a, inner);
        Nest(_a, inner);
        _lockdep.AssertClean();
        Nest(inner, _a);
        Assert.Equal("order.A/1 -> order.A -> order.A/1", _lockdep.Report.Path);
    }

    [Fact]
    public void Readers_of_one_class_are_no_order_but_count_in_every_other()
    {
        RwSemaphore sibling = new("order.RW");
        using (_rw.ReadLock())
        using (sibling.ReadLock())
        {
        }

        _lockdep.AssertClean();
        using (_rw.ReadLock())
        using (_a.Lock())
        {
        }

        using (_a.Lock())
        using (_rw.ReadLock())
        {
        }

        Assert.Equal("order.A -> order.RW -> order.A", _lockdep.Report.Path);
    }

    [Fact]
    public void A_writer_under_a_reader_of_its_class_is_reported()
    {
        RwSemaphore sibling = new("order.RW");
        using (_rw.ReadLock())
        using (sibling.WriteLock())
        {
        }

        Assert.Equal("order.RW -> order.RW", _lockdep.Report.Path);
    }

    [Fact]
    public void Tried_reader_and_writer_locks_are_held_too()
    {
        Assert.True(_rw.TryWriteLock(out RwSemaphore.WriteGuard writer));
        using (writer)
        using (_a.Lock())
        {
        }

        Assert.True(_spin.TryLock(out RawSpinLock.Guard spin));
        spin.Dispose();
        Assert.True(_rw.TryReadLock(out RwSemaphore.ReadGuard reader));
        using (reader)
        using (_b.Lock())
        {
        }

        Assert.Equal(["order.RW -> order.A", "order.RW -> order.B"], SeenEdges());
    }

    [Fact]
    public void Sleeping_under_a_spin_lock()
    {
        FenceTimeline timeline = new("test", TimeSpan.FromSeconds(10));
        DmaFence fence = timeline.CreateFence();
        timeline.Publish(fence);
        fence.Signal();
        for (int i = 0; i < 2; i++)
        {
            using (_spin.Lock())
            {
                _a.Lock().Dispose();
                _reclaim.MightAlloc(Gfp.Kernel);
                fence.Wait();
            }
        }

        string[] found = [.. _lockdep.Graph.Reports.Select(report => $"{report.Rule} {report.Path}")];
        Assert.Equal(
            ["FENCE006 order.spin -> order.A", "FENCE006 order.spin -> reclaim", "FENCE006 order.spin -> fence"], found);
        Assert.StartsWith("FENCE006: sleeping under a spin lock", _lockdep.Graph.Reports[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_sleep_is_fine_under_a_spin_lock()
    {
        RawSpinLock inner = new("order.inner");
        using (_spin.Lock())
        using (inner.Lock())
        {
            Assert.True(_a.TryLock(out SleepingMutex.Guard a));
            a.Dispose();
            _reclaim.MightAlloc(Gfp.Atomic);
        }

        _lockdep.AssertClean();
    }

    [Fact]
    public void A_primed_order_is_known_before_anyone_follows_it()
    {
        _lockdep.Graph.Prime(_a.Class, _b.Class);
        Nest(_b, _a);
        Assert.Equal("order.B -> order.A -> order.B", _lockdep.Report.Path);
        Assert.True(_lockdep.Report.Cycle[1].IsPrimed);
        Assert.Contains("order.A -> order.B, known beforehand", _lockdep.Report.ToString(), StringComparison.Ordinal);
        Assert.Equal("order", Assert.Throws<ArgumentException>(() => _lockdep.Graph.Prime(_a.Class)).ParamName);
    }

    [Fact]
    public void A_promise_of_fence_safety_is_held_against_whoever_breaks_it()
    {
        SleepingMutex promised = new(LockClass.Of("order.promised", fenceSafe: true));
        using (promised.Lock())
        {
            _lockdep.AssertClean();
            _reclaim.MightAlloc(Gfp.Kernel);
        }

        Assert.Equal(
            ("FENCE004", "order.promised -> reclaim -> fence -> order.promised"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void Waiting_in_the_critical_section()
    {
        FenceTimeline timeline = new("test", TimeSpan.FromSeconds(10));
        DmaFence fence = timeline.CreateFence();
        timeline.Publish(fence);
        fence.Signal();
        using (FenceSignalling.Begin())
        {
            // Looking is not waiting.
            Assert.True(fence.Wait(TimeSpan.Zero));
            _lockdep.AssertClean();
            fence.Wait();
        }

        Assert.Equal(("FENCE003", "fence -> fence"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void Reclaim_that_takes_a_lock_under_which_others_allocate()
    {
        using (_a.Lock())
        {
            _reclaim.MightAlloc(Gfp.NoIo);
        }

        _reclaim.Register(new Shrinker(() => _a.Lock().Dispose()));
        _reclaim.Provoke();
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Equal(("FENCE007", "reclaim -> order.A -> reclaim"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void Reclaim_that_allocates()
    {
        _reclaim.Register(new Shrinker(() => _reclaim.MightAlloc(Gfp.NoFs)));
        _reclaim.Provoke();
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Equal(("FENCE007", "reclaim -> reclaim"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void More_locks_than_a_thread_can_be_followed_with_is_a_clear_error()
    {
        SleepingMutex[] many = [.. Enumerable.Range(0, HeldLocks.MaxDepth + 1).Select(i => new SleepingMutex($"order.many{i}"))];
        Nest(0);
        _lockdep.AssertClean();

        void Nest(int depth)
        {
            if (depth == HeldLocks.MaxDepth)
            {
                InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => many[depth].Lock().Dispose());
                Assert.Contains("48", error.Message, StringComparison.Ordinal);

                // The lock was not kept.
                TestThread.Run(() => many[depth].Lock().Dispose());
                return;
            }

            using SleepingMutex.Guard guard = many[depth].Lock();
            Nest(depth + 1);
        }
    }

    [Fact]
    public void Checking_known_orders_makes_no_garbage()
    {
        Work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Work();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Work()
        {
            using FenceSignallingScope section = FenceSignalling.Begin();
            using SleepingMutex.Guard a = _a.Lock();
            using RwSemaphore.WriteGuard rw = _rw.WriteLock();
            using RawSpinLock.Guard spin = _spin.Lock();
        }
    }

    private static void Nest(SleepingMutex outer, SleepingMutex inner)
    {
        using SleepingMutex.Guard first = outer.Lock();
        using SleepingMutex.Guard second = inner.Lock();
    }

    private string[] SeenEdges() => [.. _lockdep.Graph.Edges.Where(edge => !edge.IsPrimed).Select(edge => edge.ToString()).Order()];

    private sealed class Shrinker(Action scan) : IShrinker
    {
        public long CountObjects() => 1;

        public long ScanObjects(long target)
        {
            scan();
            return target;
        }
    }
}
