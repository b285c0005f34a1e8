using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Fences;

public sealed class DmaFenceTests
{
    private readonly FenceTimeline _timeline = new("ring 0", TimeSpan.FromSeconds(60));

    [Fact]
    public void A_fence_is_made_published_and_signalled()
    {
        DmaFence fence = _timeline.CreateFence();
        Assert.Equal((false, false, 0ul), (fence.IsPublished, fence.IsSignaled, fence.Seqno));
        _timeline.Publish(fence);
        Assert.Equal((true, false, 1ul), (fence.IsPublished, fence.IsSignaled, fence.Seqno));
        Assert.False(fence.Wait(TimeSpan.Zero));
        Assert.False(fence.Wait(TimeSpan.FromMilliseconds(5)));
        Assert.True(fence.Signal());
        Assert.True(fence.Wait(TimeSpan.Zero));
        fence.Wait();
        Assert.Equal((true, FenceError.None), (fence.IsSignaled, fence.Error));
        Assert.False(fence.Signal());
    }

    [Fact]
    public void Waiters_on_other_threads_are_woken()
    {
        DmaFence fence = Published();
        int woken = 0;
        TestThread[] waiters = [.. Enumerable.Range(0, 3).Select(_ => TestThread.Start(() =>
        {
            fence.Wait();
            Interlocked.Increment(ref woken);
        }))];
        Assert.Equal(0, Volatile.Read(ref woken));
        fence.Signal();
        Array.ForEach(waiters, waiter => waiter.Join());
        Assert.Equal(3, woken);
    }

    [Fact]
    public void An_error_is_kept_and_the_first_signal_wins()
    {
        DmaFence fence = Published();
        Assert.True(fence.SignalError(FenceError.Cancelled));
        Assert.False(fence.Signal());
        Assert.False(fence.SignalError(FenceError.Failed));
        Assert.Equal(FenceError.Cancelled, fence.Error);
    }

    [Fact]
    public void An_unpublished_fence_can_neither_signal_nor_be_waited_for()
    {
        DmaFence fence = _timeline.CreateFence();
        Assert.Throws<InvalidOperationException>(() => fence.Signal());
        Assert.Throws<InvalidOperationException>(() => fence.Wait());
        Assert.Throws<InvalidOperationException>(() => fence.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void Bad_input_names_the_argument()
    {
        DmaFence fence = Published();
        Assert.Equal("timeout", Assert.Throws<ArgumentOutOfRangeException>(() => fence.Wait(TimeSpan.FromSeconds(-1))).ParamName);
        Assert.Equal("error", Assert.Throws<ArgumentOutOfRangeException>(() => fence.SignalError(FenceError.None)).ParamName);
        Assert.Equal("error", Assert.Throws<ArgumentOutOfRangeException>(() => fence.SignalError((FenceError)9)).ParamName);
        Assert.Equal("callback", Assert.Throws<ArgumentNullException>(() => fence.AddCallback(null!)).ParamName);
        Assert.False(fence.IsSignaled);
    }

    [Fact]
    public void Callbacks_run_once_in_order_within_the_critical_section()
    {
        List<string> ran = [];
        DmaFence fence = Published();
        Callback first = new(() => ran.Add($"first {FenceSignalling.IsCritical}"));
        Callback removed = new(() => ran.Add("removed"));
        Callback last = new(() => ran.Add("last"));
        Assert.All([first, removed, last], callback => Assert.True(fence.AddCallback(callback)));
        Assert.True(fence.RemoveCallback(removed));
        Assert.False(fence.RemoveCallback(removed));
        fence.Signal();
        Assert.Equal(["first True", "last"], ran);
        Assert.False(FenceSignalling.IsCritical);
        Assert.False(fence.AddCallback(first));
        Assert.False(fence.RemoveCallback(last));

        // Having run, a callback is free for another fence.
        DmaFence next = Published();
        Assert.True(next.AddCallback(first));
        next.Signal();
        Assert.Equal(3, ran.Count);
    }

    [Fact]
    public void The_last_callback_can_be_removed_and_others_added_after_it()
    {
        int ran = 0;
        DmaFence fence = Published();
        Callback one = new(() => ran += 1);
        Callback ten = new(() => ran += 10);
        fence.AddCallback(one);
        fence.RemoveCallback(one);
        fence.AddCallback(ten);
        fence.AddCallback(one);
        fence.RemoveCallback(one);
        fence.AddCallback(one);
        fence.Signal();
        Assert.Equal(11, ran);
    }

    [Fact]
    public void A_callback_is_on_one_fence_at_a_time()
    {
        Callback callback = new(() => { });
        Published().AddCallback(callback);
        DmaFence other = _timeline.CreateFence();
        Assert.Equal("callback", Assert.Throws<ArgumentException>(() => other.AddCallback(callback)).ParamName);
    }

    [Fact]
    public void Publishing_and_signalling_make_no_garbage()
    {
        DmaFence[] fences = [.. Enumerable.Range(0, 200).Select(_ => _timeline.CreateFence())];
        Callback[] callbacks = [.. Enumerable.Range(0, 200).Select(_ => new Callback(static () => { }))];
        Run(0, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(100, 200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                using FenceSignallingScope section = FenceSignalling.Begin();
                _timeline.Publish(fences[i]);
                fences[i].AddCallback(callbacks[i]);
                fences[i].Signal();
            }
        }
    }

    private DmaFence Published()
    {
        DmaFence fence = _timeline.CreateFence();
        _timeline.Publish(fence);
        return fence;
    }

    private sealed class Callback(Action action) : DmaFenceCallback
    {
        protected internal override void OnSignaled(DmaFence fence) => action();
    }
}
