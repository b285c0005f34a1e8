using FenceSafety.Runtime.Reclaiming;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Reclaiming;

public sealed class ReclaimTests : IDisposable
{
    private readonly LockdepSession _lockdep = new();
    private readonly Reclaim _reclaim = new();
    private readonly List<string> _ran = [];

    public void Dispose() => _lockdep.Dispose();

    [Fact]
    public void Without_pressure_nothing_runs()
    {
        RegisterBoth();
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Empty(_ran);
        Assert.Equal(0, _reclaim.DirectReclaims);
    }

    [Fact]
    public void Provoked_pressure_meets_the_next_blocking_allocations()
    {
        RegisterBoth();
        _reclaim.Provoke(2);
        _reclaim.MightAlloc(Gfp.Atomic);
        Assert.Empty(_ran);
        _reclaim.MightAlloc(Gfp.Kernel);
        _reclaim.MightAlloc(Gfp.NoFs);
        _reclaim.MightAlloc(Gfp.Kernel);

        // Notifiers run for every blocking allocation, shrinkers only where file systems may be entered.
        Assert.Equal(["invalidate 1000-3000", "scan 7", "invalidate 1000-3000"], _ran);
        Assert.Equal(2, _reclaim.DirectReclaims);
    }

    [Fact]
    public void Pressure_can_last_and_be_ended()
    {
        RegisterBoth();
        _reclaim.Provoke(int.MaxValue);
        for (int i = 0; i < 5; i++)
        {
            _reclaim.MightAlloc(Gfp.Kernel);
        }

        _reclaim.Provoke(0);
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Equal(5, _reclaim.DirectReclaims);
    }

    [Fact]
    public void Reclaim_does_not_enter_itself()
    {
        _reclaim.Register(new Notifier(_ =>
        {
            Assert.True(Reclaim.IsReclaiming);
            _reclaim.MightAlloc(Gfp.Kernel);
            _ran.Add("once");
        }), 0, 1);
        _reclaim.Provoke(int.MaxValue);
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Equal(["once"], _ran);
        Assert.False(Reclaim.IsReclaiming);
    }

    [Fact]
    public void A_failing_notifier_leaves_the_thread_outside_of_reclaim()
    {
        _reclaim.Register(new Notifier(_ => throw new NotSupportedException()), 0, 1);
        _reclaim.Provoke();
        Assert.Throws<NotSupportedException>(() => _reclaim.MightAlloc(Gfp.Kernel));
        Assert.False(Reclaim.IsReclaiming);
        _reclaim.MightAlloc(Gfp.Kernel);
    }

    [Fact]
    public void What_is_unregistered_does_not_run()
    {
        (IMmuNotifier notifier, IShrinker shrinker) = RegisterBoth();
        Assert.True(_reclaim.Unregister(notifier));
        Assert.True(_reclaim.Unregister(shrinker));
        Assert.False(_reclaim.Unregister(notifier));
        Assert.False(_reclaim.Unregister(shrinker));
        _reclaim.Provoke();
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Empty(_ran);
    }

    [Fact]
    public void An_empty_cache_is_not_scanned()
    {
        _reclaim.Register(new Shrinker(0, _ => _ran.Add("scan")));
        _reclaim.Provoke();
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Empty(_ran);
    }

    [Fact]
    public void Each_provoked_reclaim_happens_once_however_many_threads_allocate()
    {
        _reclaim.Provoke(100);
        TestThread[] threads = [.. Enumerable.Range(0, 4).Select(_ => _lockdep.Start(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                _reclaim.MightAlloc(Gfp.Kernel);
            }
        }))];
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(100, _reclaim.DirectReclaims);
    }

    [Fact]
    public void Bad_input_names_the_argument()
    {
        Assert.Equal("allocations", Assert.Throws<ArgumentOutOfRangeException>(() => _reclaim.Provoke(-1)).ParamName);
        Assert.Equal("end", Assert.Throws<ArgumentException>(() => _reclaim.Register(new Notifier(_ => { }), 8, 8)).ParamName);
        Assert.Equal("notifier", Assert.Throws<ArgumentNullException>(() => _reclaim.Register(null!, 0, 1)).ParamName);
        Assert.Equal("shrinker", Assert.Throws<ArgumentNullException>(() => _reclaim.Register(null!)).ParamName);
    }

    private (IMmuNotifier Notifier, IShrinker Shrinker) RegisterBoth()
    {
        Notifier notifier = new(range => _ran.Add($"invalidate {range}"));
        Shrinker shrinker = new(7, target => _ran.Add($"scan {target}"));
        _reclaim.Register(notifier, 0x1000, 0x3000);
        _reclaim.Register(shrinker);
        return (notifier, shrinker);
    }

    private sealed class Notifier(Action<string> invalidated) : IMmuNotifier
    {
        public void InvalidateRange(ulong start, ulong end) => invalidated($"{start:X}-{end:X}");
    }

    private sealed class Shrinker(long count, Action<long> scanned) : IShrinker
    {
        public long CountObjects() => count;

        public long ScanObjects(long target)
        {
            scanned(target);
            return target;
        }
    }
}
