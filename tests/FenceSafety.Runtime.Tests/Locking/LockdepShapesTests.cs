using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Reclaiming;

namespace FenceSafety.Runtime.Tests.Locking;

/// <summary>
/// The five shapes of a fence deadlock, each run in pieces on one thread, where nothing can hang: lockdep sees them all the same.
/// </summary>
public sealed class LockdepShapesTests : IDisposable
{
    private readonly LockdepSession _lockdep = new();
    private readonly Reclaim _reclaim = new();
    private readonly FenceTimeline _timeline = new("test", TimeSpan.FromSeconds(10));
    private readonly SleepingMutex _b = new("shape.B");
    private readonly SleepingMutex _c = new("shape.C");

    public void Dispose() => _lockdep.Dispose();

    [Fact]
    public void Shape_1_allocation_in_the_critical_section()
    {
        using (FenceSignalling.Begin())
        {
            Allocate();
        }

        AssertReport("FENCE001", "fence -> reclaim -> fence", nameof(Allocate));
        Assert.True(_lockdep.Report.Cycle[1].IsPrimed);
    }

    [Fact]
    public void Shape_1_as_the_waiting_notifier_sees_it_is_still_one_report()
    {
        DmaFence signaled = SignaledFence();
        WaitingNotifier notifier = new(signaled);
        _reclaim.Register(notifier, 0, 4096);
        _reclaim.Provoke();
        using (FenceSignalling.Begin())
        {
            Allocate();
        }

        Assert.Equal(1, notifier.Calls);
        AssertReport("FENCE001", "fence -> reclaim -> fence", nameof(Allocate));
    }

    [Fact]
    public void Shape_2_allocation_against_reclaim_that_waits()
    {
        // One processor reclaims and waits for the fence ...
        DmaFence signaled = SignaledFence();
        _reclaim.Register(new WaitingNotifier(signaled), 0, 4096);
        _reclaim.Provoke();
        Allocate();
        _lockdep.AssertClean();

        // ... while the other one, which is to signal it, allocates.
        using (FenceSignalling.Begin())
        {
            Allocate();
        }

        AssertReport("FENCE001", "fence -> reclaim -> fence", nameof(Allocate));
    }

    [Fact]
    public void Shape_3_a_lock_under_which_others_wait()
    {
        WaitUnderB();
        _lockdep.AssertClean();
        TakeBInSection();
        AssertReport("FENCE002", "fence -> shape.B -> fence", nameof(TakeBInSection), nameof(WaitUnderB));
    }

    [Fact]
    public void Shape_4_a_lock_under_which_others_allocate()
    {
        AllocateUnderB();
        TakeBInSection();
        AssertReport("FENCE002", "fence -> shape.B -> reclaim -> fence", nameof(TakeBInSection), nameof(AllocateUnderB));
    }

    [Fact]
    public void Shape_5_a_lock_under_which_others_take_a_lock_under_which_others_allocate()
    {
        TakeCUnderB();
        AllocateUnderC();
        TakeBInSection();
        AssertReport(
            "FENCE002", "fence -> shape.B -> shape.C -> reclaim -> fence",
            nameof(TakeBInSection), nameof(TakeCUnderB), nameof(AllocateUnderC));
    }

    [Fact]
    public void The_order_of_events_decides_only_which_edge_closes_the_cycle()
    {
        TakeBInSection();
        TakeCUnderB();
        AllocateUnderC();
        AssertReport(
            "FENCE004", "shape.C -> reclaim -> fence -> shape.B -> shape.C",
            nameof(AllocateUnderC), nameof(TakeBInSection), nameof(TakeCUnderB));
    }

    [Fact]
    public void What_is_reported_once_is_not_reported_again()
    {
        AllocateUnderB();
        for (int i = 0; i < 3; i++)
        {
            TakeBInSection();
            AllocateUnderB();
        }

        Assert.Single(_lockdep.Graph.Reports);
    }

    [Fact]
    public void The_same_events_give_the_same_reports()
    {
        // From one place, as stacks are part of a report.
        string[][] runs = [.. Enumerable.Range(0, 3).Select(_ => Run())];
        Assert.Equal(2, runs[0].Length);
        Assert.All(runs, run => Assert.Equal(runs[0], run));

        static string[] Run()
        {
            using LockdepShapesTests test = new();
            test.AllocateUnderC();
            test.TakeCUnderB();
            test.TakeBInSection();
            using (FenceSignalling.Begin())
            {
                test.Allocate();
            }

            return [.. test._lockdep.Graph.Reports.Select(report => report.ToString())];
        }
    }

    [Fact]
    public void The_right_driver_is_not_reported()
    {
        AllocateUnderC();
        DmaFence fence = _timeline.CreateFence(_reclaim);
        using (FenceSignalling.Begin())
        {
            _timeline.Publish(fence);
            using (_b.Lock())
            {
                _reclaim.MightAlloc(Gfp.Atomic);
            }

            Assert.True(fence.Signal());
        }

        fence.Wait();
        Allocate();
        using (_c.Lock())
        using (_b.Lock())
        {
            // B is below C, and nothing is allocated or waited for below B.
        }

        _lockdep.AssertClean();
    }

    private void Allocate() => _reclaim.MightAlloc(Gfp.Kernel);

    private void TakeBInSection()
    {
        using FenceSignallingScope section = FenceSignalling.Begin();
        using SleepingMutex.Guard guard = _b.Lock();
    }

    private void WaitUnderB()
    {
        DmaFence signaled = SignaledFence();
        using SleepingMutex.Guard guard = _b.Lock();
        signaled.Wait();
    }

    private void AllocateUnderB()
    {
        using SleepingMutex.Guard guard = _b.Lock();
        Allocate();
    }

    private void TakeCUnderB()
    {
        using SleepingMutex.Guard outer = _b.Lock();
        using SleepingMutex.Guard inner = _c.Lock();
    }

    private void AllocateUnderC()
    {
        using SleepingMutex.Guard guard = _c.Lock();
        Allocate();
    }

    private DmaFence SignaledFence()
    {
        DmaFence fence = _timeline.CreateFence();
        _timeline.Publish(fence);
        fence.Signal();
        return fence;
    }

    /// <summary>One report, whose edges carry the stacks of these methods, in the order of the cycle, but for primed edges.</summary>
    private void AssertReport(string rule, string path, params string[] methods)
    {
        LockdepReport report = _lockdep.Report;
        Assert.Equal((rule, path), (report.Rule, report.Path));
        LockdepEdge[] seen = [.. report.Cycle.Where(edge => !edge.IsPrimed)];
        Assert.Equal(methods.Length, seen.Length);
        for (int i = 0; i < methods.Length; i++)
        {
            Assert.Contains(methods[i], seen[i].Stack!.ToString(), StringComparison.Ordinal);
            Assert.Contains(seen[i].From, seen[i].Held);
        }

        string text = report.ToString();
        Assert.StartsWith($"{rule}: possible deadlock: {path}", text, StringComparison.Ordinal);
        Assert.All(methods, method => Assert.Contains(method, text, StringComparison.Ordinal));
    }

    private sealed class WaitingNotifier(DmaFence fence) : IMmuNotifier
    {
        public int Calls { get; private set; }

        public void InvalidateRange(ulong start, ulong end)
        {
            Calls++;
            fence.Wait();
        }
    }
}
