using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Reclaiming;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Fences;

/// <summary>
/// A device with one job in flight, and a machine short of memory: each allocation enters reclaim, whose notifier waits for that job.
/// </summary>
internal sealed class DeadlockScene : IMmuNotifier, IDisposable
{
    private readonly LockdepSession _lockdep = new();
    private readonly ManualResetEventSlim _fencePublished = new();
    private readonly ManualResetEventSlim _othersInPlace = new();
    private readonly List<TestThread> _threads = [];
    private readonly FenceTimeline _timeline;
    private readonly FenceWatchdog _watchdog;

    /// <param name="timeout">When the watchdog ends a deadlock; long, where there must be none.</param>
    public DeadlockScene(TimeSpan timeout)
    {
        _timeline = new FenceTimeline("scene", timeout);
        _watchdog = new FenceWatchdog(_timeline);
        Heap = new GpuBuddy(new GpuBuddyParams(0, 1 << 20), Memory);
        Fence = _timeline.CreateFence();
        Memory.Register(this, 0, 4096);
    }

    public Reclaim Memory { get; } = new();

    public GpuBuddy Heap { get; }

    public SleepingMutex B { get; } = new("scene.B");

    public DmaFence Fence { get; }

    public LockdepGraph Graph => _lockdep.Graph;

    public int Recovered => _watchdog.Recovered;

    /// <summary>Allocates video memory on a machine without spare memory.</summary>
    public AllocatedBlocks AllocateUnderPressure()
    {
        Memory.Provoke();
        return Heap.AllocBlocks(GpuBuddyAllocMode.Simple, 4096);
    }

    /// <summary>Reclaim takes pages that the job is using, so it waits for the job.</summary>
    public void InvalidateRange(ulong start, ulong end)
    {
        if (Fence.IsPublished)
        {
            _othersInPlace.Set();
            Fence.Wait();
        }
    }

    /// <summary>Says that a thread is where the job can run into it.</summary>
    public void InPlace() => _othersInPlace.Set();

    /// <summary>Waits until the last of the other threads is in place.</summary>
    public void AwaitOthers() => Await(_othersInPlace);

    /// <summary>Starts a thread that acts once the job is in flight.</summary>
    public void StartOther(Action body) => _threads.Add(_lockdep.Start(() =>
    {
        Await(_fencePublished);
        body();
    }));

    /// <summary>Runs the job: publishes its fence, does what it does, signals.</summary>
    public void StartJob(Action criticalSection) => _threads.Add(_lockdep.Start(() =>
    {
        using FenceSignallingScope section = FenceSignalling.Begin();
        _timeline.Publish(Fence);
        _fencePublished.Set();
        criticalSection();
        Fence.Signal();
    }));

    /// <summary>Waits until all threads ended: by themselves, or because the watchdog signalled the fence.</summary>
    public void Join() => _threads.ForEach(thread => thread.Join());

    public void Dispose()
    {
        _watchdog.Dispose();
        _lockdep.Dispose();
        _fencePublished.Dispose();
        _othersInPlace.Dispose();
    }

    private static void Await(ManualResetEventSlim happened) => Assert.True(happened.Wait(TestThread.Bound));
}
