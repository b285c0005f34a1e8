using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>Requests that no heap, or not this one, can ever satisfy: refused with the argument's name, and nothing changed.</summary>
public sealed class GpuBuddyArgumentTests : BuddyTestBase
{
    private readonly GpuBuddy _heap = Heap(M);

    [Theory]
    [InlineData(0ul)]
    [InlineData(2048ul)]
    [InlineData(6144ul)]
    public void Size_below_or_beside_chunks(ulong size) =>
        Assert.Equal("size", Refused<ArgumentException>(_heap, () => Try(_heap, Simple, size)));

    [Theory]
    [InlineData(2048ul)]
    [InlineData(12288ul)]
    public void Smallest_block_that_is_no_power_of_two_of_a_chunk(ulong min) =>
        Assert.Equal("minBlockSize", Refused<ArgumentException>(_heap, () => Try(_heap, Simple, Page, min)));

    [Theory]
    [InlineData(2048ul, 1ul << 20)]
    [InlineData(0ul, (1ul << 20) - 2048)]
    public void Range_beside_chunks(ulong start, ulong end) =>
        Assert.Equal("mode", Refused<ArgumentException>(_heap, () => Try(_heap, Range(start, end), Page)));

    [Fact]
    public void Range_beyond_the_heap() =>
        Assert.Equal("mode", Refused<ArgumentOutOfRangeException>(_heap, () => Try(_heap, Range(0, 2 * M), Page)));

    [Fact]
    public void Range_that_begins_at_the_end_of_the_heap() =>
        Assert.Equal("mode", Refused<ArgumentOutOfRangeException>(_heap, () => Try(_heap, Range(M, M + Page), Page)));

    [Fact]
    public void Size_above_the_heap() =>
        Assert.Equal("size", Refused<ArgumentOutOfRangeException>(_heap, () => Try(_heap, Simple, 2 * M)));

    [Fact]
    public void Size_that_overflows_behind_the_start_of_the_range() => Assert.Equal(
        "size", Refused<ArgumentOutOfRangeException>(_heap, () => Try(_heap, Range(M / 2, M), ulong.MaxValue - Page + 1)));

    [Fact]
    public void Exact_range_that_is_not_aligned_to_the_smallest_block()
    {
        Assert.Equal("mode", Refused<ArgumentException>(_heap, () => Try(_heap, Range(4 * K, 12 * K), 8 * K, 8 * K)));
        using AllocatedBlocks aligned = Take(_heap, Range(8 * K, 16 * K), 8 * K, 8 * K);
        Assert.Equal([(8 * K, 8 * K)], Shape(aligned));
    }

    [Fact]
    public void Exact_range_of_odd_size_past_the_end() =>
        Assert.Equal("size", Refused<ArgumentException>(_heap, () => Try(_heap, Range(M - Page, M + 1), 4097)));

    [Theory]
    [InlineData(4096ul, 4096ul)]
    [InlineData(8192ul, 4096ul)]
    [InlineData(0ul, 0ul)]
    public void Empty_or_inverted_range(ulong start, ulong end) =>
        Assert.Equal("end", Refused<ArgumentException>(_heap, () => Range(start, end)));

    [Fact]
    public void Unknown_flags()
    {
        Assert.Equal("flags", Refused<ArgumentOutOfRangeException>(_heap, () => Try(_heap, Simple, Page, 0, (GpuBuddyAllocFlags)8)));
        using AllocatedBlocks blocks = Take(_heap, Simple, Page);
        AllocatedBlocks copy = blocks;
        Assert.Equal("flags", Refused<ArgumentOutOfRangeException>(_heap, () => copy.Free((GpuBuddyFreeFlags)2)));
        Assert.Equal("flags", Refused<ArgumentOutOfRangeException>(_heap, () => copy.FreeDeferred((GpuBuddyFreeFlags)2)));
        Assert.True(blocks.IsLive);
    }

    [Fact]
    public void Rounding_beyond_the_heap()
    {
        using GpuBuddy heap = Heap(10 * G);
        Assert.Equal("size", Refused<ArgumentException>(heap, () => Try(heap, Simple, 9 * G, 8 * G)));
        Assert.Equal("size", Refused<ArgumentException>(heap, () => Try(heap, Range(0, 10 * G), 9 * G, 8 * G)));
        Assert.Equal("size", Refused<ArgumentException>(heap, () => Try(heap, Range(0, 10 * G), 9 * G, 0, Contiguous)));
    }

    [Fact]
    public void Rounding_beyond_64_bits()
    {
        using GpuBuddy heap = Heap(ulong.MaxValue);
        ulong size = (1ul << 63) + Page;
        Assert.Equal("size", Refused<ArgumentException>(heap, () => Try(heap, Simple, size, 1ul << 63)));

        // Contiguous falls back to adjacent blocks, and there it fits.
        using AllocatedBlocks blocks = Take(heap, Simple, size, 0, Contiguous);
        Assert.Equal([(0, 1ul << 63), (1ul << 63, Page)], Shape(blocks));
    }

    [Fact]
    public void Exhaustion_is_no_bad_argument()
    {
        using AllocatedBlocks all = Take(_heap, Simple, M);
        Assert.Null(Try(_heap, Simple, Page));
        OutOfVideoMemoryException error = Assert.Throws<OutOfVideoMemoryException>(() => _heap.AllocBlocks(Simple, Page));
        Assert.Contains("0x1000 bytes", error.Message, StringComparison.Ordinal);
    }
}
