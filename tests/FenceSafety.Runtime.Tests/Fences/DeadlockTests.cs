using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Reclaiming;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Fences;

/// <summary>
/// The five shapes with real threads: the wrong driver hangs until the watchdog signals its fence by force, and lockdep has said why; the
/// right driver, in the same situation, neither hangs nor is reported.
/// </summary>
public sealed class DeadlockTests
{
    // Only the wrong drivers come to it: nothing else ends them.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(400);

    [Fact]
    public void Shape_1_wrong_the_job_allocates() => AssertHangs(
        scene => scene.StartJob(() =>
        {
            scene.Memory.Provoke();
            scene.Memory.MightAlloc(Gfp.Kernel);
        }),
        "FENCE001",
        "fence -> reclaim -> fence");

    [Fact]
    public void Shape_1_wrong_the_job_allocates_video_memory() => AssertHangs(
        scene => scene.StartJob(() => scene.AllocateUnderPressure().Dispose()),
        "FENCE004",
        "gpu_buddy -> reclaim -> fence -> gpu_buddy");

    [Fact]
    public void Shape_1_right_the_job_was_given_what_it_needs() => AssertRuns(scene =>
    {
        AllocatedBlocks prepared = scene.AllocateUnderPressure();
        scene.StartJob(() => prepared.FreeDeferred());
    });

    [Fact]
    public void Shape_2_wrong_the_job_allocates_while_another_thread_reclaims() => AssertHangs(
        scene =>
        {
            scene.StartOther(() => scene.AllocateUnderPressure().Dispose());
            scene.StartJob(() =>
            {
                scene.AwaitOthers();
                scene.Heap.AllocBlocks(GpuBuddyAllocMode.Simple, 4096).Dispose();
            });
        },
        "FENCE002",
        "fence -> gpu_buddy -> reclaim -> fence");

    [Fact]
    public void Shape_2_right_another_thread_reclaims_while_the_job_uses_what_it_was_given() => AssertRuns(scene =>
    {
        AllocatedBlocks prepared = scene.AllocateUnderPressure();
        scene.StartOther(() => scene.AllocateUnderPressure().Dispose());
        scene.StartJob(() =>
        {
            scene.AwaitOthers();
            prepared.FreeDeferred();
        });
    });

    [Fact]
    public void Shape_3_wrong_the_job_takes_a_lock_under_which_another_thread_waits() => AssertHangs(
        scene =>
        {
            scene.StartOther(() =>
            {
                using SleepingMutex.Guard guard = scene.B.Lock();
                scene.InPlace();
                scene.Fence.Wait();
            });
            scene.StartJob(() =>
            {
                scene.AwaitOthers();
                scene.B.Lock().Dispose();
            });
        },
        null,
        "fence -> scene.B -> fence",
        "scene.B -> fence -> scene.B");

    [Fact]
    public void Shape_3_right_the_other_thread_waits_before_it_takes_the_lock() => AssertRuns(scene =>
    {
        scene.StartOther(() =>
        {
            scene.InPlace();
            scene.Fence.Wait();
            scene.B.Lock().Dispose();
        });
        scene.StartJob(() =>
        {
            scene.AwaitOthers();
            scene.B.Lock().Dispose();
        });
    });

    [Fact]
    public void Shape_4_wrong_the_job_drops_blocks_while_another_thread_allocates() => AssertHangs(
        scene =>
        {
            AllocatedBlocks dropped = scene.Heap.AllocBlocks(GpuBuddyAllocMode.Simple, 4096);
            scene.StartOther(() => scene.AllocateUnderPressure().Dispose());
            scene.StartJob(() =>
            {
                scene.AwaitOthers();
                dropped.Dispose();
            });
        },
        "FENCE002",
        "fence -> gpu_buddy -> reclaim -> fence");

    [Fact]
    public void Shape_4_right_the_job_defers_what_it_drops() => AssertRuns(scene =>
    {
        AllocatedBlocks dropped = scene.Heap.AllocBlocks(GpuBuddyAllocMode.Simple, 4096);
        scene.StartOther(() => scene.AllocateUnderPressure().Dispose());
        scene.StartJob(() =>
        {
            scene.AwaitOthers();
            dropped.FreeDeferred();
        });
    });

    [Fact]
    public void Shape_5_wrong_the_job_takes_a_lock_under_which_another_thread_drops_blocks() => AssertHangs(
        scene =>
        {
            AllocatedBlocks dropped = scene.Heap.AllocBlocks(GpuBuddyAllocMode.Simple, 4096);
            scene.StartOther(() => scene.AllocateUnderPressure().Dispose());
            scene.StartOther(() =>
            {
                scene.AwaitOthers();
                using SleepingMutex.Guard guard = scene.B.Lock();
                dropped.Dispose();
            });
            scene.StartJob(() =>
            {
                scene.AwaitOthers();
                SpinWait.SpinUntil(() => !TryTake(scene.B), TestThread.Bound);
                scene.B.Lock().Dispose();
            });
        },
        "FENCE002",
        "fence -> scene.B -> gpu_buddy -> reclaim -> fence");

    [Fact]
    public void Shape_5_right_the_other_thread_defers_what_it_drops_under_that_lock() => AssertRuns(scene =>
    {
        AllocatedBlocks dropped = scene.Heap.AllocBlocks(GpuBuddyAllocMode.Simple, 4096);
        scene.StartOther(() => scene.AllocateUnderPressure().Dispose());
        scene.StartOther(() =>
        {
            scene.AwaitOthers();
            using SleepingMutex.Guard guard = scene.B.Lock();
            dropped.FreeDeferred();
        });
        scene.StartJob(() =>
        {
            scene.AwaitOthers();
            scene.B.Lock().Dispose();
        });
    });

    private static void AssertHangs(Action<DeadlockScene> start, string? rule, params string[] paths)
    {
        using DeadlockScene scene = new(s_timeout);
        start(scene);
        scene.Join();
        Assert.Equal(FenceError.TimedOut, scene.Fence.Error);

        // The watchdog counts after it has woken the threads.
        Assert.True(SpinWait.SpinUntil(() => scene.Recovered == 1, TestThread.Bound));
        LockdepReport report = scene.Graph.Reports.First(report => paths.Contains(report.Path));
        Assert.True(rule is null || rule == report.Rule, report.ToString());
    }

    private static void AssertRuns(Action<DeadlockScene> start)
    {
        using DeadlockScene scene = new(TestThread.Bound);
        start(scene);
        scene.Join();
        Assert.Equal((FenceError.None, 0), (scene.Fence.Error, scene.Recovered));
        Assert.Empty(scene.Graph.Reports.Select(report => report.ToString()));

        // Nothing was lost: cleanup frees what was deferred.
        scene.Heap.DrainDeferred();
        Assert.Equal(scene.Heap.Size, scene.Heap.Avail);
    }

    private static bool TryTake(SleepingMutex mutex)
    {
        bool taken = mutex.TryLock(out SleepingMutex.Guard guard);
        guard.Dispose();
        return taken;
    }
}
