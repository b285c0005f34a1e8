using System.Diagnostics;
using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Fences;

public sealed class FenceTimelineTests
{
    private readonly FenceTimeline _timeline = new("ring 0", TimeSpan.FromSeconds(60));

    [Fact]
    public void Fences_are_numbered_by_publication_and_signal_in_order()
    {
        DmaFence[] fences = Published(3);
        Assert.Equal([1ul, 2, 3], fences.Select(fence => fence.Seqno));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => fences[1].Signal());
        Assert.Contains("Fence 2 of 'ring 0' cannot signal before fence 1", error.Message, StringComparison.Ordinal);
        Assert.False(fences[1].IsSignaled);
        Assert.All(fences, fence => Assert.True(fence.Signal()));
        Assert.Equal((3ul, 3ul), (_timeline.LastSeqno, _timeline.SignaledSeqno));
    }

    [Fact]
    public void A_seqno_signals_everything_up_to_it()
    {
        DmaFence[] fences = Published(4);
        Assert.Equal(3, _timeline.SignalUpTo(3));
        Assert.Equal([true, true, true, false], fences.Select(fence => fence.IsSignaled));
        Assert.Equal(0, _timeline.SignalUpTo(2));
        Assert.Equal("seqno", Assert.Throws<ArgumentOutOfRangeException>(() => _timeline.SignalUpTo(5)).ParamName);
        Assert.Equal(1, _timeline.SignalUpTo(4));
    }

    [Fact]
    public void Everything_in_flight_can_be_signalled_by_force()
    {
        DmaFence[] fences = Published(3);
        fences[0].Signal();
        Assert.Equal(2, _timeline.ForceSignalAll(FenceError.Cancelled));
        Assert.Equal([FenceError.None, FenceError.Cancelled, FenceError.Cancelled], fences.Select(fence => fence.Error));

        // The late worker is told, and the timeline goes on.
        Assert.False(fences[1].Signal());
        Assert.True(Published(1)[0].Signal());
        Assert.Equal("error", Assert.Throws<ArgumentOutOfRangeException>(() => _timeline.ForceSignalAll(FenceError.None)).ParamName);
    }

    [Fact]
    public void An_overdue_fence_takes_everything_in_flight_along()
    {
        DmaFence[] fences = Published(2);
        long early = fences[0].Deadline - 1;
        Assert.Equal(0, _timeline.ExpireOverdue(early));
        Assert.False(fences[0].IsSignaled);

        DmaFence later = Published(1)[0];
        Assert.True(later.Deadline > fences[0].Deadline);
        Assert.Equal(3, _timeline.ExpireOverdue(fences[1].Deadline));
        Assert.Equal(
            [FenceError.TimedOut, FenceError.TimedOut, FenceError.Reset], [fences[0].Error, fences[1].Error, later.Error]);
        Assert.Equal(0, _timeline.ExpireOverdue(long.MaxValue));
    }

    [Fact]
    public void A_fence_has_the_timelines_timeout_from_its_publication()
    {
        long before = Stopwatch.GetTimestamp();
        DmaFence fence = Published(1)[0];
        long after = Stopwatch.GetTimestamp();
        long timeout = 60 * Stopwatch.Frequency;
        Assert.InRange(fence.Deadline, before + timeout, after + timeout);
    }

    [Fact]
    public void The_watchdog_frees_who_waits_for_a_hung_device()
    {
        FenceTimeline hung = new("hung", TimeSpan.FromMilliseconds(50));
        using FenceWatchdog watchdog = new(hung);
        DmaFence fence = hung.CreateFence();
        hung.Publish(fence);
        fence.Wait();
        Assert.Equal(FenceError.TimedOut, fence.Error);
        Assert.True(SpinWait.SpinUntil(() => watchdog.Recovered == 1, TestThread.Bound));
    }

    [Fact]
    public void Bad_input_names_the_argument()
    {
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => new FenceTimeline(" ", TimeSpan.FromSeconds(1))).ParamName);
        Assert.Equal("timeout", Assert.Throws<ArgumentOutOfRangeException>(() => new FenceTimeline("x", TimeSpan.Zero)).ParamName);
        Assert.Equal("timeout", Assert.Throws<ArgumentOutOfRangeException>(() => new FenceTimeline("x", TimeSpan.FromDays(2))).ParamName);
        Assert.Equal(
            "period", Assert.Throws<ArgumentOutOfRangeException>(() => new FenceWatchdog(_timeline, TimeSpan.Zero)).ParamName);
        DmaFence foreign = new FenceTimeline("other", TimeSpan.FromSeconds(1)).CreateFence();
        Assert.Contains("'other'", Assert.Throws<ArgumentException>(() => _timeline.Publish(foreign)).Message, StringComparison.Ordinal);
        DmaFence twice = Published(1)[0];
        Assert.Equal("fence", Assert.Throws<ArgumentException>(() => _timeline.Publish(twice)).ParamName);
        Assert.Equal(1ul, _timeline.LastSeqno);
    }

    [Fact]
    public void Workers_and_a_recovery_signal_each_fence_once()
    {
        for (int round = 0; round < 50; round++)
        {
            DmaFence[] fences = Published(20);
            int signaled = 0;
            using Barrier together = new(2);
            TestThread worker = TestThread.Start(() =>
            {
                together.SignalAndWait();
                foreach (DmaFence fence in fences)
                {
                    signaled += fence.Signal() ? 1 : 0;
                }
            });
            together.SignalAndWait();
            int forced = _timeline.ForceSignalAll(FenceError.Reset);
            worker.Join();
            Assert.Equal(20, signaled + forced);
            Assert.All(fences, fence => Assert.True(fence.IsSignaled));
            Assert.Equal(forced, fences.Count(fence => fence.Error == FenceError.Reset));
        }
    }

    private DmaFence[] Published(int count)
    {
        DmaFence[] fences = [.. Enumerable.Range(0, count).Select(_ => _timeline.CreateFence())];
        Array.ForEach(fences, _timeline.Publish);
        return fences;
    }
}
