using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>Shorthands for the allocator's tests; sizes are in bytes.</summary>
public abstract class BuddyTestBase
{
    protected const ulong K = 1024;
    protected const ulong M = 1024 * K;
    protected const ulong G = 1024 * M;
    protected const ulong Page = 4 * K;

    protected const GpuBuddyAllocFlags None = GpuBuddyAllocFlags.None;
    protected const GpuBuddyAllocFlags Contiguous = GpuBuddyAllocFlags.Contiguous;
    protected const GpuBuddyAllocFlags Clear = GpuBuddyAllocFlags.Clear;
    protected const GpuBuddyAllocFlags TrimDisable = GpuBuddyAllocFlags.TrimDisable;
    protected const GpuBuddyFreeFlags Cleared = GpuBuddyFreeFlags.Cleared;

    protected static GpuBuddyAllocMode Simple => GpuBuddyAllocMode.Simple;

    protected static GpuBuddyAllocMode TopDown => GpuBuddyAllocMode.TopDown;

    protected static GpuBuddy Heap(ulong size, ulong chunk = Page) => new(new GpuBuddyParams(0, size, chunk));

    protected static GpuBuddyAllocMode Range(ulong start, ulong end) => GpuBuddyAllocMode.Range(start, end);

    /// <summary>Allocates, and checks the invariants and what every success promises.</summary>
    protected static AllocatedBlocks? Try(
        GpuBuddy heap, GpuBuddyAllocMode mode, ulong size, ulong min = 0, GpuBuddyAllocFlags flags = None)
    {
        ulong avail = heap.Avail;
        if (!heap.TryAllocBlocks(mode, size, min, flags, out AllocatedBlocks blocks))
        {
            Assert.Equal(avail, heap.Avail);
            Assert.True(blocks.IsEmpty);
            HeapAudit.Check(heap);
            return null;
        }

        Assert.True(blocks.Size >= size);
        Assert.Equal(avail - blocks.Size, heap.Avail);
        Assert.Equal(blocks.Size, blocks.Aggregate(0ul, (sum, block) => sum + block.Size));
        Assert.Equal(blocks.Count, blocks.Count());
        foreach (AllocatedBlock block in blocks)
        {
            Assert.True(!mode.IsRange || (block.Offset >= mode.Start && block.Last < mode.End), $"{block} is outside {mode}.");
        }

        HeapAudit.Check(heap);
        return blocks;
    }

    /// <summary>As <see cref="Try"/>, where a failure fails the test.</summary>
    protected static AllocatedBlocks Take(
        GpuBuddy heap, GpuBuddyAllocMode mode, ulong size, ulong min = 0, GpuBuddyAllocFlags flags = None) =>
        Try(heap, mode, size, min, flags)
        ?? throw new InvalidOperationException($"No room for 0x{size:X} bytes; 0x{heap.Avail:X} are free.");

    /// <summary>Where the blocks are, in the order of their allocation.</summary>
    protected static (ulong Offset, ulong Size)[] Shape(AllocatedBlocks blocks) =>
        [.. blocks.Select(block => (block.Offset, block.Size))];

    /// <summary>The name of the argument for which a call is refused; the heap must be as before.</summary>
    protected static string Refused<TError>(GpuBuddy heap, Action call)
        where TError : ArgumentException
    {
        (ulong Avail, ulong ClearAvail) before = (heap.Avail, heap.ClearAvail);
        TError error = Assert.ThrowsAny<TError>(call);
        Assert.Equal(before, (heap.Avail, heap.ClearAvail));
        HeapAudit.Check(heap);
        return error.ParamName!;
    }

    /// <summary>Ends a heap from which everything was freed.</summary>
    protected static void Finish(GpuBuddy heap)
    {
        HeapAudit.Check(heap);
        Assert.Equal(heap.Size, heap.Avail);
        heap.Dispose();
    }
}
