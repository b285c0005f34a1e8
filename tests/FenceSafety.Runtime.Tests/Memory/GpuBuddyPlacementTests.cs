using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyPlacementTests : BuddyTestBase
{
    [Fact]
    public void Simple_and_top_down_agree_on_an_empty_heap()
    {
        foreach (GpuBuddyAllocMode mode in (GpuBuddyAllocMode[])[Simple, TopDown])
        {
            using GpuBuddy heap = Heap(G);
            using AllocatedBlocks blocks = Take(heap, mode, 16 * M, 16 * M);
            Assert.Equal([(0x3F000000ul, 16 * M)], Shape(blocks));
            Assert.Equal(12, blocks.First.Order);
        }
    }

    [Fact]
    public void Top_down_differs_under_fragmentation()
    {
        // Free: the page at 0 (an exact fit) and the upper half of the heap.
        using GpuBuddy heap = Heap(64 * K);
        using AllocatedBlocks used = Take(heap, Range(Page, 32 * K), 28 * K);
        using AllocatedBlocks best = Take(heap, Simple, Page);
        Assert.Equal(0ul, best.First.Offset);
        best.Dispose();
        using AllocatedBlocks highest = Take(heap, TopDown, Page);
        Assert.Equal(60 * K, highest.First.Offset);
    }

    [Fact]
    public void Pages_come_from_the_top()
    {
        using GpuBuddy heap = Heap(16 * K);
        AllocatedBlocks[] pages = [.. Enumerable.Range(0, 4).Select(_ => Take(heap, Simple, Page))];
        Assert.Equal([0x3000ul, 0x2000, 0x1000, 0], pages.Select(page => page.First.Offset));
        Free(pages);
    }

    [Fact]
    public void Odd_sizes_are_made_of_blocks_not_of_one_range()
    {
        using GpuBuddy heap = Heap(M);
        using AllocatedBlocks blocks = Take(heap, Simple, 12 * K, Page);
        Assert.Equal([(0xFE000ul, 8 * K), (0xFD000, Page)], Shape(blocks));
    }

    [Fact]
    public void Rounding_to_the_smallest_block_is_trimmed_at_the_end()
    {
        using GpuBuddy heap = Heap(M);
        using AllocatedBlocks trimmed = Take(heap, Simple, 20 * K, 8 * K);
        Assert.Equal(20 * K, trimmed.Size);
        Assert.Equal([(0xFC000ul, 16 * K), (0xFA000, Page)], Shape(trimmed));
        trimmed.Dispose();
        using AllocatedBlocks kept = Take(heap, Simple, 20 * K, 8 * K, TrimDisable);
        Assert.Equal([(0xFC000ul, 16 * K), (0xFA000, 8 * K)], Shape(kept));
    }

    [Fact]
    public void The_limit_is_a_block_of_the_maximum_order()
    {
        using GpuBuddy heap = Heap(ulong.MaxValue);
        Assert.Equal((51, 52), (heap.MaxOrder, heap.RootCount));
        using AllocatedBlocks block = Take(heap, Range(0, Page << 51), Page << 51);
        Assert.Equal((0ul, 51, Page << 51), (block.First.Offset, block.First.Order, block.First.Size));
    }

    [Fact]
    public void An_optimistic_heap_gives_one_block_of_each_order()
    {
        using GpuBuddy heap = Heap(Page * ((1ul << 17) - 1));
        Assert.Equal((16, 17), (heap.MaxOrder, heap.RootCount));
        List<AllocatedBlocks> taken = [];
        for (int order = 0; order <= heap.MaxOrder; order++)
        {
            taken.Add(Take(heap, Simple, Page << order, Page << order));
            Assert.Equal(order, taken[^1].First.Order);
        }

        Assert.Null(Try(heap, Simple, Page));
        Free(taken);
    }

    [Fact]
    public void A_pessimistic_ladder_comes_back_order_by_order()
    {
        const int Top = 16;
        using GpuBuddy heap = Heap(Page << Top);
        List<AllocatedBlocks> ladder = [];
        for (int order = 0; order < Top; order++)
        {
            ladder.Add(Take(heap, Simple, Page << order, Page << order));
        }

        AllocatedBlocks last = Take(heap, Simple, Page);
        for (int order = 0; order <= Top; order++)
        {
            Assert.Null(Try(heap, Simple, Page << order, Page << order));
        }

        // The two pages are buddies; from then on each freed block doubles what is free.
        last.Dispose();
        for (int order = 0; order < Top; order++)
        {
            ladder[order].Dispose();
            using AllocatedBlocks again = Take(heap, Simple, Page << (order + 1), Page << (order + 1));
            Assert.Equal(order + 1, again.First.Order);
        }
    }

    [Fact]
    public void A_pathological_pattern_leaves_half_the_heap_unusable_above_a_page()
    {
        const int Top = 3;
        using GpuBuddy heap = Heap(Page << Top);
        List<AllocatedBlocks> holes = [];
        List<AllocatedBlocks> pages = [];
        for (int top = Top; top > 0; top--)
        {
            // Free the largest block, then fill up with smaller ones.
            if (pages.Count > 0)
            {
                pages[^1].Dispose();
                pages.RemoveAt(pages.Count - 1);
            }

            for (int order = top; order-- > 0;)
            {
                pages.Add(Take(heap, Simple, Page << order, Page << order));
            }

            holes.Add(Take(heap, Simple, Page, Page));
            pages.Sort((a, b) => a.Size.CompareTo(b.Size));
        }

        Assert.Equal(0ul, heap.Avail);
        Free(holes);
        Assert.Equal(Top * Page, heap.Avail);
        for (int order = 1; order <= Top; order++)
        {
            Assert.Null(Try(heap, Simple, Page << order, Page << order));
        }

        Free(pages);
        using AllocatedBlocks all = Take(heap, Simple, Page << Top, Page << Top);
    }

    [Fact]
    public void Small_blocks_at_wide_alignment()
    {
        using GpuBuddy heap = Heap(4 * M);
        List<AllocatedBlocks> eights = Fill(heap, 8 * K, 256 * K, 16);
        Free(eights);
        List<AllocatedBlocks> sixteens = Fill(heap, 16 * K, 256 * K, 16);
        Assert.Null(Try(heap, Simple, 16 * K, 256 * K));
        for (int i = 0; i < 16; i += 2)
        {
            sixteens[i].Dispose();
        }

        List<AllocatedBlocks> again = Fill(heap, 16 * K, 256 * K, 8);
        Assert.Null(Try(heap, Simple, 16 * K, 256 * K));
        Free(again);
        Free(sixteens);
        Finish(heap);
    }

    [Fact]
    public void Small_blocks_at_wide_alignment_within_a_range_are_of_their_own_size()
    {
        using GpuBuddy heap = Heap(4 * M);
        using AllocatedBlocks first = Take(heap, Range(Page, 4 * M), Page, M);
        using AllocatedBlocks second = Take(heap, Range(Page, 4 * M), Page, M);
        Assert.Equal([(M, Page), (2 * M, Page)], [.. Shape(first), .. Shape(second)]);
    }

    [Fact]
    public void The_augmented_alignment_follows_every_exhausted_alignment()
    {
        using GpuBuddy heap = Heap(2 * M);
        List<(int Log, List<AllocatedBlocks> Blocks)> steps = [];
        for (int log = 20; log >= 13; log--)
        {
            List<AllocatedBlocks> step = [];
            while (Try(heap, Simple, Page, 1ul << log) is { } block)
            {
                Assert.Equal(Page, block.Size);
                Assert.Equal(0ul, block.First.Offset & ((1ul << log) - 1));
                step.Add(block);
            }

            // What was aligned more strictly was taken by the steps before, but for the first.
            Assert.Equal(log == 20 ? 2 : 1 << (20 - log), step.Count);
            Assert.Equal(log - 1, GreatestFreeAlignment(heap));
            steps.Add((log, step));
        }

        for (int i = steps.Count - 1; i >= 0; i--)
        {
            Free(steps[i].Blocks);
            Assert.True(GreatestFreeAlignment(heap) >= steps[i].Log);
        }

        Finish(heap);
    }

    private static int GreatestFreeAlignment(GpuBuddy heap) => Enumerable.Range(0, heap.MaxOrder + 1)
        .Select(order => heap.Heap.FreeRoot(isClear: false, order))
        .Max(root => root == 0 ? 0 : heap.Heap.Table[root].MaxAlignment);

    private static List<AllocatedBlocks> Fill(GpuBuddy heap, ulong size, ulong alignment, int count)
    {
        List<AllocatedBlocks> taken = [];
        for (int i = 0; i < count; i++)
        {
            AllocatedBlocks blocks = Take(heap, Simple, size, alignment);
            Assert.Equal((1, size), (blocks.Count, blocks.Size));
            Assert.Equal(0ul, blocks.First.Offset % alignment);
            taken.Add(blocks);
        }

        return taken;
    }

    private static void Free(IEnumerable<AllocatedBlocks> all)
    {
        foreach (AllocatedBlocks blocks in all)
        {
            blocks.Dispose();
        }
    }
}
