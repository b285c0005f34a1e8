using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyInitTests : BuddyTestBase
{
    [Theory]
    [InlineData(4095ul, 4096ul, "size")]
    [InlineData(1ul << 20, 2048ul, "chunk size")]
    [InlineData(1ul << 20, 12288ul, "chunk size")]
    [InlineData(0ul, 4096ul, "size")]
    public void Bad_sizes_are_named(ulong size, ulong chunk, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Heap(size, chunk));
        Assert.Equal("parameters", error.ParamName);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_base_offsets_are_named()
    {
        Assert.Contains("0x800", Throw(0x800, M), StringComparison.Ordinal);
        Assert.Contains("64 bits", Throw(ulong.MaxValue - Page + 1, 2 * Page), StringComparison.Ordinal);

        // One page at the very top of the address space is fine.
        using GpuBuddy top = new(new GpuBuddyParams(ulong.MaxValue - Page + 1, Page));
        using AllocatedBlocks page = Take(top, Simple, Page);
        Assert.Equal(ulong.MaxValue, page.First.Last);

        static string Throw(ulong offset, ulong size) =>
            Assert.Throws<ArgumentException>(() => new GpuBuddy(new GpuBuddyParams(offset, size))).Message;
    }

    [Fact]
    public void The_size_is_rounded_down_to_chunks()
    {
        using GpuBuddy heap = Heap(10 * K);
        Assert.Equal((8 * K, 1, 1), (heap.Size, heap.MaxOrder, heap.RootCount));
        HeapAudit.Check(heap);
    }

    [Fact]
    public void Roots_are_the_binary_decomposition_largest_first()
    {
        using GpuBuddy seven = Heap(7 * M);
        Assert.Equal([(0, 4 * M), (4 * M, 2 * M), (6 * M, M)], HeapAudit.Check(seven).Select(leaf => (leaf.Offset, leaf.Size)));
        Assert.Equal(3, seven.RootCount);

        using GpuBuddy ten = Heap(10 * G);
        Assert.Equal([(0, 8 * G), (8 * G, 2 * G)], HeapAudit.Check(ten).Select(leaf => (leaf.Offset, leaf.Size)));
    }

    [Fact]
    public void A_new_heap_is_free_and_dirty()
    {
        using GpuBuddy heap = Heap(7 * M);
        Assert.Equal((7 * M, 0ul), (heap.Avail, heap.ClearAvail));
        Assert.All(HeapAudit.Check(heap), leaf => Assert.Equal((BlockState.Free, false), (leaf.State, leaf.IsClear)));
    }

    [Fact]
    public void Larger_chunks_make_smaller_orders()
    {
        using GpuBuddy heap = Heap(M, 64 * K);
        Assert.Equal(4, heap.MaxOrder);
        using AllocatedBlocks block = Take(heap, Simple, 64 * K);
        Assert.Equal((0, 64 * K), (block.First.Order, block.First.Size));
        Assert.Equal("size", Refused<ArgumentException>(heap, () => Try(heap, Simple, Page)));
    }

    [Fact]
    public void The_base_offset_is_added_to_offsets_but_not_to_ranges()
    {
        using GpuBuddy heap = new(new GpuBuddyParams(0x100000, M));
        using AllocatedBlocks high = heap.AllocBlocks(Simple, Page);
        using AllocatedBlocks low = heap.AllocBlocks(Range(0, M / 2), Page);
        Assert.Equal((0x1FF000ul, 0x100000ul), (high.First.Offset, low.First.Offset));
    }

    [Fact]
    public void Ending_a_heap_detects_what_was_not_freed()
    {
        GpuBuddy heap = Heap(M);
        AllocatedBlocks leaked = Take(heap, Simple, 8 * K);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(heap.Dispose);
        Assert.Contains("0x2000 of 0x100000", error.Message, StringComparison.Ordinal);

        // It can still be used, and ended once the leak is mended.
        leaked.Dispose();
        Finish(heap);
        Assert.Throws<ObjectDisposedException>(() => heap.AllocBlocks(Simple, Page));
        Assert.Throws<ObjectDisposedException>(() => heap.TryAllocBlocks(Simple, Page, 0, None, out _));
        Assert.Throws<ObjectDisposedException>(() => heap.ResetClear(true));
        heap.Dispose();
    }
}
