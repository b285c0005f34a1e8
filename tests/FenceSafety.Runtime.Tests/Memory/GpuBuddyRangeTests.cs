using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyRangeTests : BuddyTestBase
{
    [Fact]
    public void The_whole_heap()
    {
        using GpuBuddy heap = Heap(16 * M);
        using (AllocatedBlocks all = Take(heap, Range(0, 16 * M), 16 * M))
        {
            Assert.Equal((16 * M, 0ul), (all.Size, heap.Avail));
            Assert.Null(Try(heap, Simple, Page));
        }

        Assert.Equal(16 * M, heap.Avail);
    }

    [Fact]
    public void Quarters()
    {
        using GpuBuddy heap = Heap(16 * M);
        for (ulong start = 0; start < 16 * M; start += 4 * M)
        {
            using AllocatedBlocks quarter = Take(heap, Range(start, start + (4 * M)), 4 * M);
            Assert.Equal([(start, 4 * M)], Shape(quarter));
        }
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(8ul << 20)]
    [InlineData((16ul << 20) - 4096)]
    public void A_page_at_either_end_and_in_the_middle(ulong start)
    {
        using GpuBuddy heap = Heap(16 * M);
        using AllocatedBlocks page = Take(heap, Range(start, start + Page), Page);
        Assert.Equal([(start, Page)], Shape(page));
    }

    [Fact]
    public void Across_roots()
    {
        using GpuBuddy heap = Heap(7 * M);
        foreach ((ulong start, ulong size) in ((ulong, ulong)[])[(0, 4 * M), (4 * M, 2 * M), (6 * M, M)])
        {
            using AllocatedBlocks root = Take(heap, Range(start, start + size), size);
            Assert.Equal([(start, size)], Shape(root));
        }

        using (AllocatedBlocks all = Take(heap, Range(0, 7 * M), 7 * M))
        {
            Assert.Equal(0ul, heap.Avail);
            Assert.Equal([(0, 4 * M), (4 * M, 2 * M), (6 * M, M)], Shape(all));
        }

        using AllocatedBlocks crossing = Take(heap, Range(2 * M, 6 * M), 4 * M);
        Assert.Equal([(2 * M, 2 * M), (4 * M, 2 * M)], Shape(crossing));
    }

    [Fact]
    public void Random_slices_in_random_order_fill_the_heap()
    {
        Random random = new(29);
        for (int round = 0; round < 10; round++)
        {
            using GpuBuddy heap = Heap(16 * M);
            ulong[] cuts = [0, .. Enumerable.Range(0, 15).Select(_ => Page * (ulong)random.Next(1, 4096)).Distinct().Order(), 16 * M];
            (ulong Start, ulong End)[] slices = [.. cuts.Zip(cuts.Skip(1))];
            random.Shuffle(slices);
            List<AllocatedBlocks> taken = [];
            foreach ((ulong start, ulong end) in slices)
            {
                AllocatedBlocks slice = Take(heap, Range(start, end), end - start);
                Assert.Equal(end - start, slice.Size);
                ulong at = start;
                foreach (AllocatedBlock block in slice)
                {
                    // Exact ranges come in ascending order without gaps.
                    Assert.Equal(at, block.Offset);
                    at += block.Size;
                }

                taken.Add(slice);
            }

            Assert.Equal(0ul, heap.Avail);
            taken.ForEach(slice => slice.Dispose());
        }
    }

    [Fact]
    public void A_range_that_is_partly_used_is_refused_whole()
    {
        using GpuBuddy heap = Heap(16 * M);
        using AllocatedBlocks half = Take(heap, Range(0, 8 * M), 8 * M);
        Assert.Null(Try(heap, Range(0, 16 * M), 16 * M));
        Assert.Null(Try(heap, Range(0, 8 * M), 8 * M));
        Assert.Equal(8 * M, heap.Avail);
        using AllocatedBlocks other = Take(heap, Range(8 * M, 16 * M), 8 * M);
    }

    [Fact]
    public void A_checkerboard()
    {
        using GpuBuddy heap = Heap(64 * K);
        List<AllocatedBlocks> black = [];
        for (ulong start = 0; start < 64 * K; start += 8 * K)
        {
            black.Add(Take(heap, Range(start, start + Page), Page));
        }

        Assert.Null(Try(heap, Range(0, 8 * K), 8 * K));
        using (AllocatedBlocks white = Take(heap, Range(4 * K, 8 * K), Page))
        {
            Assert.Equal([(4 * K, Page)], Shape(white));
        }

        black.ForEach(square => square.Dispose());
    }

    [Fact]
    public void Taking_the_same_range_again_and_again()
    {
        using GpuBuddy heap = Heap(7 * M);
        for (int i = 0; i < 5; i++)
        {
            using AllocatedBlocks blocks = Take(heap, Range(4 * M, 6 * M), 2 * M);
            Assert.Equal((2 * M, 5 * M), (blocks.Size, heap.Avail));
        }

        Finish(heap);
    }

    [Fact]
    public void Natural_alignments()
    {
        using GpuBuddy heap = Heap(16 * M);
        List<AllocatedBlocks> all = [];
        foreach ((ulong size, ulong start) in ((ulong, ulong)[])[(4 * K, 0), (64 * K, 64 * K), (M, M), (4 * M, 4 * M)])
        {
            all.Add(Take(heap, Range(start, start + size), size, size));
            Assert.Equal([(start, size)], Shape(all[^1]));
        }

        all.ForEach(blocks => blocks.Dispose());
    }

    [Fact]
    public void A_simple_request_for_the_whole_heap_takes_it_as_it_lies()
    {
        using GpuBuddy heap = Heap(64 * K);
        MakeAlternating(heap);

        // Not one block, although contents alone keep the fragments apart: the request is an exact range, whatever its flags.
        using AllocatedBlocks all = Take(heap, Simple, 64 * K, 0, Contiguous);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => ((ulong)i * Page, Page)), Shape(all));
    }

    [Fact]
    public void The_lowest_address_comes_first()
    {
        using GpuBuddy heap = Heap(64 * K);
        using AllocatedBlocks page = Take(heap, Range(0, 64 * K), Page);
        Assert.Equal(0ul, page.First.Offset);
    }

    [Fact]
    public void Holes_are_used_in_order()
    {
        using GpuBuddy heap = Heap(G);
        using AllocatedBlocks first = Take(heap, Range(0, 4 * M), 4 * M);
        using AllocatedBlocks third = Take(heap, Range(8 * M, 12 * M), 4 * M);
        using AllocatedBlocks blocks = Take(heap, Range(0, 16 * M), 8 * M, 4 * M);
        Assert.Equal([(4 * M, 4 * M), (12 * M, 4 * M)], Shape(blocks));
    }

    [Fact]
    public void Clear_in_a_range_takes_dirty_memory_where_none_is_clear()
    {
        using GpuBuddy heap = Heap(4 * M);
        Assert.Equal(0ul, heap.ClearAvail);
        using AllocatedBlocks blocks = Take(heap, Range(0, 2 * M), 64 * K, 0, Clear);
        Assert.False(blocks.First.IsClear);
    }

    [Fact]
    public void Clear_in_a_range_prefers_clear_memory()
    {
        using GpuBuddy heap = Heap(64 * K);
        Take(heap, Range(16 * K, 32 * K), 16 * K).Free(Cleared);
        using AllocatedBlocks clear = Take(heap, Range(0, 64 * K), Page, 0, Clear);
        using AllocatedBlocks dirty = Take(heap, Range(0, 64 * K), Page);
        Assert.Equal((16 * K, true, 0ul, false), (clear.First.Offset, clear.First.IsClear, dirty.First.Offset, dirty.First.IsClear));
    }

    /// <summary>Every second page free and clear, the others free and dirty.</summary>
    private static void MakeAlternating(GpuBuddy heap)
    {
        List<AllocatedBlocks> pages = [];
        for (ulong start = 0; start < heap.Size; start += Page)
        {
            pages.Add(Take(heap, Range(start, start + Page), Page));
        }

        for (int i = 0; i < pages.Count; i++)
        {
            pages[i].Free(i % 2 == 0 ? Cleared : GpuBuddyFreeFlags.None);
        }
    }
}
