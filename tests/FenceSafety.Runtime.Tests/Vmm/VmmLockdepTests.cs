using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.Tests.Locking;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>The address space in a fence-signalling critical section, under the eyes of run-time lockdep.</summary>
public sealed class VmmLockdepTests : IDisposable
{
    private readonly LockdepSession _lockdep = new();
    private readonly SimulatedGpu _gpu = new(GpuArchitecture.Ampere, 1UL << 30);
    private readonly GpuBuddy _buddy = new(new GpuBuddyParams(1 << 20, 64 << 20));
    private readonly BuddyFrames _frames;
    private readonly Vmm _vmm;

    public VmmLockdepTests()
    {
        _frames = new BuddyFrames(_buddy);
        _vmm = Vmm.Create(new GpuMm(_gpu, _frames));
    }

    public void Dispose()
    {
        _vmm.Dispose();
        _buddy.Dispose();
        _gpu.Dispose();
        _lockdep.Dispose();
    }

    [Fact]
    public void Prepare_outside_execute_and_unmap_inside_cleanup_outside_is_clean()
    {
        for (int round = 0; round < 3; round++)
        {
            using PreparedMapping job = _vmm.PrepareMap(600);
            using PreparedMapping dropped = _vmm.PrepareMap(5);
            MappedRange range;
            using (FenceSignalling.Begin())
                range = _vmm.ExecuteMap(job, Frames(600), PageAttributes.ReadWrite);
            dropped.Dispose();
            _vmm.Cleanup();
            using (FenceSignalling.Begin())
                _vmm.UnmapPages(range);
            _vmm.TrimTables();
        }

        _lockdep.AssertClean();
    }

    [Fact]
    public void Failing_inside_is_clean_too()
    {
        PreparedMapping job = _vmm.PrepareMap(600);
        using (FenceSignalling.Begin())
        {
            _gpu.Faults.FailWriteAfter(300);
            Assert.Throws<GpuAccessException>(() => _vmm.ExecuteMap(job, Frames(600), PageAttributes.ReadWrite));
            _gpu.Faults.TlbHang = true;
            Assert.Throws<GpuTimeoutException>(() => _vmm.ExecuteMap(job, Frames(600), PageAttributes.ReadWrite));
            _gpu.Faults.Clear();
        }

        job.Dispose();
        _vmm.TrimTables();
        _lockdep.AssertClean();
    }

    [Fact]
    public void Preparing_inside_is_reported()
    {
        MappedRange range;
        using (FenceSignalling.Begin())
            range = _vmm.MapPages(Frames(3), PageAttributes.ReadWrite);
        _vmm.UnmapPages(range);
        Assert.Contains(_lockdep.Graph.Reports, r => r.Rule == "FENCE002" && r.Path.Contains("gpu_buddy", StringComparison.Ordinal));
    }

    [Fact]
    public void Freeing_a_table_inside_as_the_seed_does_is_reported()
    {
        var frame = new VramFrame[1];
        _frames.AllocateFrames(frame);
        _lockdep.AssertClean();
        using (FenceSignalling.Begin())
            _frames.FreeFrames(frame);
        Assert.Contains(_lockdep.Graph.Reports, r => r.Rule == "FENCE002" && r.Path.Contains("gpu_buddy", StringComparison.Ordinal));
    }

    [Fact]
    public void Giving_a_job_back_inside_is_reported()
    {
        PreparedMapping job = _vmm.PrepareMap(600);
        using (FenceSignalling.Begin())
            job.Dispose();
        Assert.Contains(_lockdep.Graph.Reports, r => r.Rule == "FENCE002" && r.Path.Contains("gpu_buddy", StringComparison.Ordinal));
    }

    private static Pfn[] Frames(int count) => [.. Enumerable.Range(0, count).Select(i => new Pfn(0x1_0001 + 2 * (ulong)i))];
}
