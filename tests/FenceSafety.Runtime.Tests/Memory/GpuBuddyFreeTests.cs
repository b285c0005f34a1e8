using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyFreeTests : BuddyTestBase
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Pages_freed_in_any_order_become_one_block(int seed)
    {
        using GpuBuddy heap = Heap(32 * K);
        AllocatedBlocks[] pages = [.. Enumerable.Range(0, 8).Select(_ => Take(heap, Simple, Page))];
        new Random(seed).Shuffle(pages);
        foreach (AllocatedBlocks page in pages)
        {
            page.Free();
            HeapAudit.Check(heap);
        }

        Assert.Equal((0ul, 32 * K, BlockState.Free, false), Assert.Single(HeapAudit.Check(heap)));
    }

    [Fact]
    public void Buddies_of_different_contents_stay_apart()
    {
        using GpuBuddy heap = Heap(8 * K);
        AllocatedBlocks high = Take(heap, Simple, Page);
        AllocatedBlocks low = Take(heap, Simple, Page);
        high.Free(Cleared);
        low.Free();
        Assert.Equal((8 * K, Page), (heap.Avail, heap.ClearAvail));
        Assert.Equal(2, HeapAudit.Check(heap).Count);
    }

    [Fact]
    public void Clear_buddies_become_one_clear_block()
    {
        using GpuBuddy heap = Heap(8 * K);
        AllocatedBlocks high = Take(heap, Simple, Page);
        AllocatedBlocks low = Take(heap, Simple, Page);
        high.Free(Cleared);
        low.Free(Cleared);
        Assert.Equal(8 * K, heap.ClearAvail);
        Assert.Equal((0ul, 8 * K, BlockState.Free, true), Assert.Single(HeapAudit.Check(heap)));
    }

    [Fact]
    public void Clear_memory_that_was_used_is_dirty_unless_it_is_said_to_be_cleared()
    {
        using GpuBuddy heap = Heap(8 * K);
        Take(heap, Simple, 8 * K).Free(Cleared);
        AllocatedBlocks page = Take(heap, Simple, Page, 0, Clear);
        Assert.True(page.First.IsClear);
        Assert.Equal(Page, heap.ClearAvail);
        page.Dispose();
        Assert.Equal(Page, heap.ClearAvail);
        HeapAudit.Check(heap);
    }

    [Fact]
    public void Freeing_twice_is_refused_and_disposing_twice_does_nothing()
    {
        using GpuBuddy heap = Heap(M);
        AllocatedBlocks blocks = Take(heap, Simple, 12 * K);
        AllocatedBlocks copy = blocks;
        blocks.Free();
        Assert.False(copy.IsLive);
        Assert.Throws<ObjectDisposedException>(() => copy.Free());
        Assert.Throws<ObjectDisposedException>(() => copy.FreeDeferred());
        Assert.Throws<ObjectDisposedException>(() => copy.First);
        Assert.Throws<ObjectDisposedException>(() => heap.Trim(ref copy, Page));
        copy.Dispose();
        Assert.Equal(M, heap.Avail);
        HeapAudit.Check(heap);
    }

    [Fact]
    public void A_stale_handle_does_not_free_what_was_allocated_since_at_the_same_place()
    {
        using GpuBuddy heap = Heap(Page);
        AllocatedBlocks stale = Take(heap, Simple, Page);
        stale.Free();
        using AllocatedBlocks current = Take(heap, Simple, Page);
        Assert.Equal(stale.Head, current.Head);
        stale.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stale.Free());
        Assert.True(current.IsLive);
        Assert.Equal(0ul, heap.Avail);
    }

    [Fact]
    public void Blocks_of_another_allocator_are_refused()
    {
        using GpuBuddy heap = Heap(M);
        using GpuBuddy other = Heap(M);
        using AllocatedBlocks foreign = Take(other, Simple, Page);
        AllocatedBlocks copy = foreign;
        Assert.Equal("blocks", Refused<ArgumentException>(heap, () => heap.Free(copy)));
        Assert.Equal("blocks", Refused<ArgumentException>(heap, () => heap.FreeDeferred(copy)));
        Assert.Equal("blocks", Refused<ArgumentException>(heap, () => heap.Trim(ref copy, Page)));
        Assert.True(foreign.IsLive);
    }

    [Fact]
    public void The_default_handle_owns_nothing()
    {
        using GpuBuddy heap = Heap(M);
        AllocatedBlocks nothing = default;
        Assert.Equal((true, false, 0ul), (nothing.IsEmpty, nothing.IsLive, nothing.Size));
        Assert.Empty(nothing);
        Assert.Throws<InvalidOperationException>(() => nothing.First);
        nothing.Dispose();
        nothing.Free();
        nothing.FreeDeferred();
        heap.Free(nothing);
        heap.FreeDeferred(nothing);
        Assert.Equal("blocks", Refused<ArgumentException>(heap, () => heap.Trim(ref nothing, Page)));
    }

    [Fact]
    public void Deferred_blocks_stay_allocated_until_they_are_drained()
    {
        using GpuBuddy heap = Heap(M);
        AllocatedBlocks dirty = Take(heap, Simple, 12 * K);
        AllocatedBlocks clear = Take(heap, Simple, 20 * K);
        dirty.FreeDeferred();
        clear.FreeDeferred(Cleared);
        Assert.False(dirty.IsLive);
        Assert.True(heap.HasDeferred);
        Assert.Equal((M - (32 * K), 0ul), (heap.Avail, heap.ClearAvail));
        Assert.Throws<ObjectDisposedException>(() => clear.FreeDeferred());

        Assert.Equal(32 * K, heap.DrainDeferred());
        Assert.False(heap.HasDeferred);
        Assert.Equal((M, 20 * K), (heap.Avail, heap.ClearAvail));
        Assert.Equal(0ul, heap.DrainDeferred());
        HeapAudit.Check(heap);
    }

    [Fact]
    public void An_allocation_that_would_fail_drains_first()
    {
        using GpuBuddy heap = Heap(M);
        Take(heap, Simple, M).FreeDeferred();
        Assert.Equal(0ul, heap.Avail);
        Assert.True(heap.TryAllocBlocks(Simple, M / 2, 0, None, out AllocatedBlocks blocks));
        blocks.FreeDeferred();

        // Ending the heap drains too.
        heap.Dispose();
    }

    [Fact]
    public void Steady_state_makes_no_garbage()
    {
        using GpuBuddy heap = Heap(64 * M);
        AllocatedBlocks[] live = new AllocatedBlocks[1000];
        Random random = new(1);
        Churn(heap, live, random, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Churn(heap, live, random, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        foreach (AllocatedBlocks blocks in live)
        {
            blocks.Dispose();
        }

        Finish(heap);
    }

    private static void Churn(GpuBuddy heap, AllocatedBlocks[] live, Random random, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            ref AllocatedBlocks slot = ref live[random.Next(live.Length)];
            if (i % 3 == 0)
            {
                slot.FreeDeferred();
                heap.DrainDeferred();
            }
            else
            {
                slot.Dispose();
            }

            slot = default;
            slot = heap.AllocBlocks(Simple, Page << random.Next(3));
        }
    }
}
