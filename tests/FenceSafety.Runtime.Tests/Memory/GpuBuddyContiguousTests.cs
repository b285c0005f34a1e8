using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyContiguousTests : BuddyTestBase
{
    [Fact]
    public void Enough_memory_in_pieces_is_not_contiguous()
    {
        using GpuBuddy heap = Heap(16 * M);
        using AllocatedBlocks first = Take(heap, Range(0, 4 * M), 4 * M);
        using AllocatedBlocks third = Take(heap, Range(8 * M, 12 * M), 4 * M);
        Assert.Null(Try(heap, Simple, 8 * M, 0, Contiguous));
        using AllocatedBlocks pieces = Take(heap, Simple, 8 * M);
        Assert.Equal(2, pieces.Count);
    }

    /// <summary>Known limit: two free pages that are adjacent but no buddies are not found, as no block of two pages is free.</summary>
    [Fact]
    public void Missed_Adjacent_pages_that_are_no_buddies()
    {
        using GpuBuddy heap = Heap(16 * K);
        AllocatedBlocks[] pages = TakePages(heap, 4);
        pages[1].Dispose();
        pages[2].Dispose();
        Assert.Null(Try(heap, Simple, 8 * K, 0, Contiguous));
        Assert.Null(Try(heap, Range(0, 16 * K), 8 * K, 0, Contiguous));
        using AllocatedBlocks exact = Take(heap, Range(4 * K, 12 * K), 8 * K);
        pages[0].Dispose();
        pages[3].Dispose();
    }

    [Fact]
    public void Adjacent_holes_that_are_no_buddies_are_found_to_the_left()
    {
        // Free: pages 3 to 5. The block of pages 4 and 5 continues with page 3 to its left only.
        using GpuBuddy heap = Heap(32 * K);
        AllocatedBlocks[] pages = TakePages(heap, 8);
        for (int i = 3; i <= 5; i++)
        {
            pages[i].Dispose();
        }

        Assert.Null(Try(heap, Range(0, 32 * K), 12 * K, 0, Contiguous));
        using AllocatedBlocks found = Take(heap, Simple, 12 * K, 0, Contiguous);
        Assert.Equal([(12 * K, Page), (16 * K, 8 * K)], Shape(found));
        Free(pages);
    }

    [Fact]
    public void Adjacent_holes_that_are_no_buddies_are_found_to_the_right()
    {
        using GpuBuddy heap = Heap(32 * K);
        AllocatedBlocks[] pages = TakePages(heap, 8);
        for (int i = 2; i <= 4; i++)
        {
            pages[i].Dispose();
        }

        using AllocatedBlocks found = Take(heap, Simple, 12 * K, 0, Contiguous);
        Assert.Equal([(8 * K, 8 * K), (16 * K, Page)], Shape(found));
        Free(pages);
    }

    [Fact]
    public void Both_kinds_of_contents_are_searched_and_joined()
    {
        using GpuBuddy heap = Heap(32 * K);
        AllocatedBlocks[] pages = TakePages(heap, 8);
        pages[3].Free(Cleared);
        pages[4].Free();
        pages[5].Free();
        using AllocatedBlocks found = Take(heap, Simple, 12 * K, 0, Contiguous | Clear);
        Assert.Equal([(12 * K, true), (16 * K, false)], found.Select(block => (block.Offset, block.IsClear)));
        Free(pages);
    }

    [Fact]
    public void Three_interleaved_lists()
    {
        using GpuBuddy heap = Heap(48 * Page);
        AllocatedBlocks[] pages = TakePages(heap, 48);
        Assert.Null(Try(heap, Simple, 3 * Page, 0, Contiguous));

        Free(pages.Where((_, i) => i % 3 == 1));
        Assert.Null(Try(heap, Simple, 3 * Page, 0, Contiguous));
        Assert.Null(Try(heap, Simple, 2 * Page, 0, Contiguous));

        Free(pages.Where((_, i) => i % 3 == 2));
        Assert.Null(Try(heap, Simple, 3 * Page, 0, Contiguous));
        AllocatedBlocks two = Take(heap, Simple, 2 * Page, 0, Contiguous);
        AssertContiguous(two);

        Free(pages.Where((_, i) => i % 3 == 0));
        AllocatedBlocks three = Take(heap, Simple, 3 * Page, 0, Contiguous);
        AssertContiguous(three);
        Assert.Equal(5 * Page, two.Size + three.Size);
        two.Dispose();
        three.Dispose();
        Finish(heap);
    }

    [Fact]
    public void More_than_the_largest_block_spans_roots()
    {
        using GpuBuddy heap = Heap(10 * G);
        using AllocatedBlocks blocks = Take(heap, Simple, 9 * G, 0, Contiguous);
        Assert.Equal([(0, 8 * G), (8 * G, G)], Shape(blocks));
    }

    [Fact]
    public void Rounding_is_trimmed_unless_it_is_kept()
    {
        using GpuBuddy heap = Heap(M);
        using (AllocatedBlocks trimmed = Take(heap, Simple, 20 * K, 0, Contiguous))
        {
            Assert.Equal(20 * K, trimmed.Size);
            AssertContiguous(trimmed);
        }

        using AllocatedBlocks kept = Take(heap, Simple, 20 * K, 0, Contiguous | TrimDisable);
        Assert.Equal([(M - (32 * K), 32 * K)], Shape(kept));
    }

    [Fact]
    public void A_failure_changes_nothing_but_what_is_split()
    {
        using GpuBuddy heap = Heap(64 * K);
        AllocatedBlocks[] pages = TakePages(heap, 16);
        for (int i = 0; i < 16; i += 2)
        {
            pages[i].Free(i % 4 == 0 ? Cleared : GpuBuddyFreeFlags.None);
        }

        (ulong, ulong) before = (heap.Avail, heap.ClearAvail);
        IReadOnlyList<(ulong, ulong, BlockState, bool)> leaves = HeapAudit.Check(heap);
        Assert.Null(Try(heap, Simple, 12 * K, 0, Contiguous));
        Assert.Null(Try(heap, Simple, 12 * K, 0, Contiguous | Clear));
        Assert.Equal(before, (heap.Avail, heap.ClearAvail));
        Assert.Equal(leaves, HeapAudit.Check(heap));
        Free(pages);
    }

    private static void AssertContiguous(AllocatedBlocks blocks)
    {
        ulong end = blocks.First.Offset;
        foreach (AllocatedBlock block in blocks)
        {
            Assert.Equal(end, block.Offset);
            end += block.Size;
        }
    }

    private static AllocatedBlocks[] TakePages(GpuBuddy heap, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Take(heap, Range((ulong)i * Page, (ulong)(i + 1) * Page), Page))];

    private static void Free(IEnumerable<AllocatedBlocks> all)
    {
        foreach (AllocatedBlocks blocks in all)
        {
            blocks.Dispose();
        }
    }
}
