using System.Numerics;
using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>What the naive model says of a request, in pages. The answers follow the model as it changes.</summary>
internal sealed class BuddyExpectation(
    BuddyModel model, int start, int end, int size, int min, bool inRange, GpuBuddyAllocFlags flags)
{
    private bool IsExact => end - start == size;

    private bool IsContiguous => (flags & GpuBuddyAllocFlags.Contiguous) != 0;

    private bool IsOffsetAligned => size < min && BitOperations.IsPow2(size);

    private int Rounded => IsContiguous ? BuddyModelRun.RoundUp(size) : IsOffsetAligned ? size : (size + min - 1) / min * min;

    /// <summary>Whether no state of the heap could satisfy it.</summary>
    public bool IsInvalid => IsExact
        ? start % min != 0 || end % min != 0
        : Rounded > model.Pages && !(IsContiguous && !inRange);

    public bool MustSucceed => IsExact ? model.IsFree(start, size)
        : IsContiguous ? model.CountRuns(start, end, Rounded, Rounded) > 0
        : IsOffsetAligned ? model.CountRuns(start, end, size, min) > 0
        : model.CountRuns(start, end, min, min) * min >= Rounded;

    /// <summary>Whether it must fail. Contiguous requests without a range may find what is not aligned, but need not.</summary>
    public bool MustFail => IsContiguous && !inRange && !IsExact
        ? model.CountRuns(start, end, size, 1) == 0
        : !MustSucceed;

    public void Check(AllocatedBlocks blocks)
    {
        ulong bytes = (ulong)size * BuddyModel.Page;
        bool isKept = (flags & GpuBuddyAllocFlags.TrimDisable) != 0;
        Assert.True(blocks.Size >= bytes);
        ulong next = blocks.First.Offset;
        int index = 0;
        foreach (AllocatedBlock block in blocks)
        {
            Assert.True(block.Offset >= (ulong)start * BuddyModel.Page && block.Last < (ulong)end * BuddyModel.Page);
            Assert.Equal(0ul, block.Offset % block.Size);
            if (IsContiguous || IsExact)
            {
                Assert.Equal(next, block.Offset);
                next += block.Size;
            }
            else if (index++ == 0 || blocks.Size > bytes)
            {
                // All but what the trim cut are aligned to the smallest block.
                Assert.Equal(0ul, block.Offset % ((ulong)min * BuddyModel.Page));
            }
        }

        // The search to the left may give whole smallest blocks more.
        ulong most = (ulong)(IsContiguous && !isKept ? size + min : Math.Max(size, Rounded)) * BuddyModel.Page;
        Assert.True(blocks.Size <= Math.Max(most, bytes + ((ulong)min * BuddyModel.Page)));
        Assert.True(isKept || IsContiguous || blocks.Size == bytes, "The rounding was not trimmed.");
    }
}
