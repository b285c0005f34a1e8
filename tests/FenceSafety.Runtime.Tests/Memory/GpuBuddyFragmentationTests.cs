using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>The kernel's slow case, with the work counted in tree nodes instead of milliseconds.</summary>
public sealed class GpuBuddyFragmentationTests : BuddyTestBase
{
    private const int Count = 65_536;

    // n log2 n for 65,536 blocks is 2^20. Freeing a block changes a few trees on its way up, each of at most 1.45 log2 n levels.
    private const long StepsPerRound = 6L * Count * 16;

    [Fact]
    public void A_heap_fragmented_by_alignment_and_contents_is_usable_again_in_n_log_n()
    {
        using GpuBuddy heap = Heap(4 * G);
        AllocatedBlocks[] blocks = TakeSmall(heap);
        long before = heap.Heap.Table.Steps;
        for (int i = 0; i < Count; i++)
        {
            blocks[i].Free(i % 4 is 0 or 3 ? Cleared : GpuBuddyFreeFlags.None);
        }

        AssertSteps(heap, before);
        before = heap.Heap.Table.Steps;
        for (int i = 0; i < Count; i++)
        {
            blocks[i] = heap.AllocBlocks(Simple, 64 * K, 64 * K);
        }

        Assert.Equal(0ul, heap.Avail);
        AssertSteps(heap, before);
        Array.ForEach(blocks, block => block.Free());
        Finish(heap);
    }

    [Fact]
    public void Freeing_in_reverse_order_is_n_log_n_too()
    {
        using GpuBuddy heap = Heap(4 * G);
        AllocatedBlocks[] blocks = TakeSmall(heap);
        long before = heap.Heap.Table.Steps;
        for (int i = Count - 1; i >= 0; i--)
        {
            blocks[i].Free();
        }

        AssertSteps(heap, before);
        Finish(heap);
    }

    [Fact]
    public void Filling_a_range_from_below_is_n_log_n_whatever_is_taken_already()
    {
        using GpuBuddy heap = Heap(Count * Page);
        AllocatedBlocks[] blocks = new AllocatedBlocks[Count];
        long before = heap.Heap.Table.Steps;
        for (int i = 0; i < Count; i++)
        {
            blocks[i] = heap.AllocBlocks(Range(0, heap.Size), Page, Page, i % 2 == 0 ? Clear : None);
            Assert.Equal((ulong)i * Page, blocks[i].First.Offset);
        }

        AssertSteps(heap, before);
        Array.ForEach(blocks, block => block.Free());
        Finish(heap);
    }

    private static AllocatedBlocks[] TakeSmall(GpuBuddy heap)
    {
        AllocatedBlocks[] blocks = new AllocatedBlocks[Count];
        long before = heap.Heap.Table.Steps;
        for (int i = 0; i < Count; i++)
        {
            blocks[i] = heap.AllocBlocks(Simple, 8 * K, 64 * K);
        }

        AssertSteps(heap, before);
        Assert.False(heap.TryAllocBlocks(Simple, 8 * K, 64 * K, None, out _));
        HeapAudit.Check(heap);
        return blocks;
    }

    private static void AssertSteps(GpuBuddy heap, long before)
    {
        long steps = heap.Heap.Table.Steps - before;
        Assert.True(steps is > Count and < StepsPerRound, $"{steps} steps for {Count} operations.");
    }
}
