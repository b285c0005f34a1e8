using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Tests.Locking;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>Critical code that has to wait for a lock takes nothing from the managed heap either.</summary>
public class ContentionTests
{
    private static readonly Pfn[] Frames = VmmFixture.Scattered(40);

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Waiting_for_the_window(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        var section = new CriticalSection(f);
        using (PraminWindow window = f.Mm.Pramin.Window())
            section.BeginAndAwaitItsSleep();
        Assert.Equal(0, section.End());
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Waiting_for_the_address_space(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        var section = new CriticalSection(f);
        TestThread reader;
        using (PraminWindow window = f.Mm.Pramin.Window())
        {
            // Holds the manager's lock while it waits for the window.
            reader = TestThread.Start(() => f.Vmm.ReadMapping(default));
            reader.AwaitItsSleep();
            section.BeginAndAwaitItsSleep();
        }

        reader.Join();
        Assert.Equal(0, section.End());
    }

    [Fact]
    public void Waking_those_who_wait_for_the_fence()
    {
        using var f = new VmmFixture(GpuArchitecture.Ada);
        var section = new CriticalSection(f);
        TestThread[] waiters = new TestThread[3];
        using (PraminWindow window = f.Mm.Pramin.Window())
        {
            section.BeginAndAwaitItsSleep();
            for (int i = 0; i < waiters.Length; i++)
            {
                waiters[i] = TestThread.Start(section.Fence.Wait);
                waiters[i].AwaitItsSleep();
            }
        }

        Assert.Equal(0, section.End());
        Array.ForEach(waiters, waiter => waiter.Join());
    }

    /// <summary>Map, unmap and signal, on a thread that has not waited for anything before.</summary>
    private sealed class CriticalSection
    {
        private readonly FenceTimeline _timeline = new("test", TimeSpan.FromSeconds(30));
        private readonly VmmFixture _f;
        private readonly PreparedMapping _job;
        private readonly TestThread _thread;
        private bool _begun;
        private long _bytes = -1;

        public CriticalSection(VmmFixture f)
        {
            _f = f;
            Fence = _timeline.CreateFence();
            PreparedMapping warmUp = f.Vmm.PrepareMap((ulong)Frames.Length);
            _job = f.Vmm.PrepareMap((ulong)Frames.Length);
            DmaFence first = _timeline.CreateFence();
            _thread = TestThread.Start(() =>
            {
                // Lockdep, which is on here, allocates for what it sees for the first time.
                Run(warmUp, first);
                while (!Volatile.Read(ref _begun))
                    Thread.SpinWait(10);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Run(_job, Fence);
                _bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            });
            Assert.True(SpinWait.SpinUntil(() => first.IsSignaled, TestThread.Bound));
        }

        public DmaFence Fence { get; }

        public void BeginAndAwaitItsSleep()
        {
            Volatile.Write(ref _begun, true);
            _thread.AwaitItsSleep();
        }

        public long End()
        {
            _thread.Join();
            Assert.True(Fence.IsSignaled);
            return _bytes;
        }

        private void Run(PreparedMapping job, DmaFence fence)
        {
            _timeline.Publish(fence);
            MappedRange range = _f.Vmm.ExecuteMap(job, Frames, PageAttributes.ReadWrite);
            _f.Vmm.UnmapPages(range);
            fence.Signal();
        }
    }
}
