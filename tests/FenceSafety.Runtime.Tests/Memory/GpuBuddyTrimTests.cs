using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

public sealed class GpuBuddyTrimTests : BuddyTestBase
{
    private readonly GpuBuddy _heap = Heap(M);

    [Theory]
    [InlineData(0ul, null, "newSize")]
    [InlineData(128ul * 1024, null, "newSize")]
    [InlineData(6144ul, null, "newSize")]
    [InlineData(8192ul, 0x7F000ul, "start")]
    [InlineData(8192ul, 0x8F000ul, "start")]
    [InlineData(8192ul, ulong.MaxValue - 4095, "start")]
    [InlineData(8192ul, 0x80800ul, "start")]
    public void A_part_that_is_not_inside_the_block_is_refused(ulong size, ulong? start, string argument)
    {
        AllocatedBlocks block = Take(_heap, Range(0x80000, 0x90000), 64 * K);
        Assert.Equal(argument, Refused<ArgumentException>(_heap, () => _heap.Trim(ref block, size, start)));
        Assert.True(block.IsLive);
        Assert.Equal([(0x80000ul, 64 * K)], Shape(block));
        block.Dispose();
        Finish(_heap);
    }

    [Fact]
    public void Only_one_block_can_be_trimmed()
    {
        AllocatedBlocks two = Take(_heap, Simple, 12 * K);
        Assert.Equal(2, two.Count);
        Assert.Equal("blocks", Refused<ArgumentException>(_heap, () => _heap.Trim(ref two, Page)));
        Assert.True(two.IsLive);
        two.Dispose();
    }

    [Fact]
    public void The_same_size_changes_nothing()
    {
        AllocatedBlocks block = Take(_heap, Simple, 64 * K);
        AllocatedBlocks before = block;
        _heap.Trim(ref block, 64 * K);
        Assert.Equal(before, block);
        Assert.True(block.IsLive);
        block.Dispose();
    }

    [Fact]
    public void A_part_in_the_middle_stays_as_ascending_blocks_and_the_rest_is_free()
    {
        AllocatedBlocks block = Take(_heap, Range(0, 64 * K), 64 * K);
        AllocatedBlocks old = block;
        _heap.Trim(ref block, 28 * K, 20 * K);
        Assert.Equal([(20 * K, Page), (24 * K, 8 * K), (32 * K, 16 * K)], Shape(block));
        Assert.Equal(M - (28 * K), _heap.Avail);
        HeapAudit.Check(_heap);

        // The handle from before owns nothing any more.
        Assert.False(old.IsLive);
        using (AllocatedBlocks below = Take(_heap, Range(0, 20 * K), 20 * K))
        using (AllocatedBlocks above = Take(_heap, Range(48 * K, 64 * K), 16 * K))
        {
        }

        block.Dispose();
        Finish(_heap);
    }

    [Fact]
    public void The_start_counts_the_base_offset()
    {
        using GpuBuddy heap = new(new GpuBuddyParams(0x40000000, M));
        AllocatedBlocks block = Take(heap, Simple, 64 * K);
        ulong start = block.First.Offset;
        heap.Trim(ref block, 8 * K, start + (8 * K));
        Assert.Equal([(start + (8 * K), 8 * K)], Shape(block));
        block.Dispose();
    }

    [Fact]
    public void Contents_are_inherited()
    {
        Take(_heap, Simple, M).Free(Cleared);
        AllocatedBlocks block = Take(_heap, Simple, 64 * K, 0, Clear);
        _heap.Trim(ref block, 12 * K);
        Assert.All(block, kept => Assert.True(kept.IsClear));
        Assert.Equal(M - (12 * K), _heap.ClearAvail);
        HeapAudit.Check(_heap);
        block.Free(Cleared);
        Assert.Equal(M, _heap.ClearAvail);
        Assert.Single(HeapAudit.Check(_heap));
    }
}
