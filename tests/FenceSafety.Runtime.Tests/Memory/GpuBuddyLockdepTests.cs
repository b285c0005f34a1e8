using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Reclaiming;
using FenceSafety.Runtime.Tests.Locking;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>What the lock validator says of the allocator's users.</summary>
public sealed class GpuBuddyLockdepTests : BuddyTestBase, IDisposable
{
    private readonly LockdepSession _lockdep = new();
    private readonly Reclaim _reclaim = new();
    private readonly GpuBuddy _heap;

    public GpuBuddyLockdepTests() => _heap = new GpuBuddy(new GpuBuddyParams(0, M), _reclaim);

    public void Dispose() => _lockdep.Dispose();

    [Fact]
    public void Allocating_under_a_lock_orders_that_lock_before_reclaim_even_if_memory_is_there()
    {
        SleepingMutex driver = new("driver");
        using (driver.Lock())
        {
            _heap.AllocBlocks(Simple, Page).Dispose();
        }

        _lockdep.AssertClean();
        using (FenceSignalling.Begin())
        {
            driver.Lock().Dispose();
        }

        Assert.Equal(("FENCE002", "fence -> driver -> gpu_buddy -> reclaim -> fence"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void Allocating_in_a_critical_section_is_reported()
    {
        using (FenceSignalling.Begin())
        {
            _heap.AllocBlocks(Simple, Page).Dispose();
        }

        Assert.Equal("gpu_buddy -> reclaim -> fence -> gpu_buddy", _lockdep.Report.Path);
    }

    [Fact]
    public void Trimming_in_a_critical_section_is_reported()
    {
        AllocatedBlocks blocks = _heap.AllocBlocks(Simple, 8 * K);
        using (FenceSignalling.Begin())
        {
            _heap.Trim(ref blocks, Page);
        }

        Assert.Equal(("FENCE002", "fence -> gpu_buddy -> reclaim -> fence"), (_lockdep.Report.Rule, _lockdep.Report.Path));
        blocks.Dispose();
    }

    [Fact]
    public void Freeing_in_a_critical_section_is_reported()
    {
        AllocatedBlocks blocks = _heap.AllocBlocks(Simple, Page);
        using (FenceSignalling.Begin())
        {
            blocks.Dispose();
        }

        Assert.Equal(("FENCE002", "fence -> gpu_buddy -> reclaim -> fence"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void Freeing_in_reclaim_is_reported()
    {
        AllocatedBlocks blocks = _heap.AllocBlocks(Simple, Page);
        _reclaim.Register(new Shrinker(blocks.Dispose));
        _reclaim.Provoke();
        _reclaim.MightAlloc(Gfp.Kernel);
        Assert.Equal(("FENCE007", "reclaim -> gpu_buddy -> reclaim"), (_lockdep.Report.Rule, _lockdep.Report.Path));
    }

    [Fact]
    public void Deferred_freeing_is_fine_in_both_even_from_the_allocators_own_reclaim()
    {
        AllocatedBlocks critical = _heap.AllocBlocks(Simple, Page);
        AllocatedBlocks evicted = _heap.AllocBlocks(Simple, M / 2);
        _reclaim.Register(new Shrinker(() => evicted.FreeDeferred()));
        using (FenceSignalling.Begin())
        {
            critical.FreeDeferred();
        }

        // Half the heap is taken; reclaim gives it back while the allocator holds its lock, and the allocation finds it there.
        _reclaim.Provoke();
        AllocatedBlocks found = _heap.AllocBlocks(Simple, M - (64 * K));
        _lockdep.AssertClean();
        found.Dispose();
        Finish(_heap);
    }

    [Fact]
    public void Disposing_from_the_allocators_own_reclaim_is_an_error_that_loses_nothing()
    {
        AllocatedBlocks blocks = _heap.AllocBlocks(Simple, Page);
        _reclaim.Register(new Shrinker(blocks.Dispose));
        _reclaim.Provoke();
        Assert.Throws<LockRecursionException>(() => _heap.AllocBlocks(Simple, Page));
        Assert.True(blocks.IsLive);
        Assert.Equal(M - Page, _heap.Avail);
        blocks.Dispose();
        Finish(_heap);
    }

    [Fact]
    public void Reclaim_that_fails_under_an_allocation_or_a_trim_loses_nothing()
    {
        AllocatedBlocks blocks = _heap.AllocBlocks(Simple, 64 * K);
        _reclaim.Register(new Shrinker(() => throw new NotSupportedException()));
        _reclaim.Provoke(2);
        Assert.Throws<NotSupportedException>(() => _heap.AllocBlocks(Simple, Page));
        Assert.Throws<NotSupportedException>(() => _heap.Trim(ref blocks, Page));
        Assert.Equal([(M - (64 * K), 64 * K)], Shape(blocks));
        HeapAudit.Check(_heap);
        blocks.Dispose();
        Finish(_heap);
    }

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
