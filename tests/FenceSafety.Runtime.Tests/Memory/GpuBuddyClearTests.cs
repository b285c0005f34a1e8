using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyClearTests : BuddyTestBase
{
    [Fact]
    public void Each_kind_comes_from_its_own_blocks()
    {
        using GpuBuddy heap = Heap(64 * K);
        AllocatedBlocks cleared = Take(heap, Simple, 16 * K);
        Assert.Equal(0xC000ul, cleared.First.Offset);
        cleared.Free(Cleared);
        Assert.Equal(16 * K, heap.ClearAvail);

        using AllocatedBlocks clear = Take(heap, Simple, Page, 0, Clear);
        Assert.Equal((0xF000ul, true, 12 * K), (clear.First.Offset, clear.First.IsClear, heap.ClearAvail));
        using AllocatedBlocks dirty = Take(heap, Simple, Page);
        Assert.Equal((0xB000ul, false, 12 * K), (dirty.First.Offset, dirty.First.IsClear, heap.ClearAvail));
    }

    [Fact]
    public void Alternating_requests_get_what_they_ask_for_and_more_than_there_is_still_succeeds()
    {
        using GpuBuddy heap = Heap(Page << 12);
        Take(heap, Simple, 5 * Page).Free(Cleared);
        Assert.Equal(5 * Page, heap.ClearAvail);
        List<AllocatedBlocks> taken = [];
        for (int i = 0; i < 10; i++)
        {
            bool wantClear = i % 2 == 1;
            AllocatedBlocks page = Take(heap, Simple, Page, 0, wantClear ? Clear : None);
            Assert.Equal(wantClear, page.First.IsClear);
            taken.Add(page);
        }

        Assert.Equal(0ul, heap.ClearAvail);
        taken.Add(Take(heap, Simple, 10 * Page, 0, Clear));
        Assert.All(taken[^1], block => Assert.False(block.IsClear));
        taken.ForEach(blocks => blocks.Dispose());
        Finish(heap);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fragments_of_different_contents_are_merged_by_force_for_every_order(bool wantClear)
    {
        for (int order = 1; order <= 12; order++)
        {
            using GpuBuddy heap = Heap(Page << 12);
            AlternatePages(heap);
            using AllocatedBlocks block = Take(heap, Range(0, Page << 12), Page << order, Page << order, wantClear ? Clear : None);

            // The whole heap is an exact range, which is taken as it lies.
            if (order < 12)
            {
                Assert.Equal((order, false), (block.First.Order, block.First.IsClear));
            }
        }
    }

    /// <summary>
    /// The kernel's binding passes an empty range for such requests, so that force-merge has nothing to work on and they fail.
    /// </summary>
    [Fact]
    public void A_simple_request_merges_by_force_too()
    {
        foreach (GpuBuddyAllocMode mode in (GpuBuddyAllocMode[])[Simple, TopDown])
        {
            using GpuBuddy heap = Heap(Page << 12);
            AlternatePages(heap);
            using AllocatedBlocks block = Take(heap, mode, 64 * K, 64 * K);
            Assert.Equal(1, block.Count);
            using AllocatedBlocks run = Take(heap, mode, 64 * K, 0, Contiguous);
            Assert.Equal(1, run.Count);
        }
    }

    [Fact]
    public void Force_merge_leaves_alone_what_lies_outside_of_the_range()
    {
        using GpuBuddy heap = Heap(64 * K);
        AlternatePages(heap);
        using AllocatedBlocks block = Take(heap, Range(0, 32 * K), 16 * K, 16 * K);
        Assert.Equal(0ul, block.First.Offset);
        Assert.Equal(16 * K, heap.ClearAvail);
        Assert.Equal(4, HeapAudit.Check(heap).Count(leaf => leaf.IsClear));
    }

    [Fact]
    public void Resetting_forgets_or_declares_everything_and_makes_blocks_whole()
    {
        using GpuBuddy heap = Heap((Page << 12) + (Page << 10));
        Assert.Equal(2, heap.RootCount);
        AlternatePages(heap);
        heap.ResetClear(isClear: false);
        Assert.Equal(0ul, heap.ClearAvail);
        Assert.Equal(2, HeapAudit.Check(heap).Count);

        AlternatePages(heap);
        heap.ResetClear(isClear: true);
        Assert.Equal(heap.Size, heap.ClearAvail);
        Assert.Equal(2, HeapAudit.Check(heap).Count);

        // What is allocated is not touched.
        using AllocatedBlocks used = Take(heap, Simple, Page);
        heap.ResetClear(isClear: false);
        heap.ResetClear(isClear: true);
        Assert.Equal(heap.Size - Page, heap.ClearAvail);
        HeapAudit.Check(heap);
    }

    [Fact]
    public void Several_roots_end_well_with_clear_pieces_in_each()
    {
        GpuBuddy heap = Heap((Page << 12) + (Page << 10));
        AllocatedBlocks low = Take(heap, Range(0, 64 * K), 12 * K);
        AllocatedBlocks high = Take(heap, Range(Page << 12, heap.Size), 12 * K);
        low.Free(Cleared);
        high.Free(Cleared);
        Assert.Equal(24 * K, heap.ClearAvail);
        Finish(heap);
    }

    /// <summary>Frees every page of an idle heap by itself, clear and dirty in turns.</summary>
    private static void AlternatePages(GpuBuddy heap)
    {
        List<AllocatedBlocks> pages = [];
        for (ulong start = 0; start < heap.Size; start += Page)
        {
            pages.Add(heap.AllocBlocks(Range(start, start + Page), Page));
        }

        for (int i = 0; i < pages.Count; i++)
        {
            pages[i].Free(i % 2 == 0 ? Cleared : GpuBuddyFreeFlags.None);
        }

        HeapAudit.Check(heap);
    }
}
