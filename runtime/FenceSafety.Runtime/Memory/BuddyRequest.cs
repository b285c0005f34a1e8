namespace FenceSafety.Runtime.Memory;

/// <summary>A validated request, relative to the heap.</summary>
/// <param name="Start">The first byte of the range; 0 without one.</param>
/// <param name="End">The end of the range, exclusive; the heap's size without one.</param>
/// <param name="Size">The bytes wanted, a multiple of the chunk size.</param>
/// <param name="MinBlock">The size of the smallest block, and the alignment, in bytes; a power of two.</param>
/// <param name="InRange">Whether the range was given by the caller.</param>
/// <param name="TopDown">Whether the highest address is preferred to the best fit.</param>
/// <param name="Flags">How to allocate.</param>
internal readonly record struct BuddyRequest(
    ulong Start, ulong End, ulong Size, ulong MinBlock, bool InRange, bool TopDown, GpuBuddyAllocFlags Flags)
{
    /// <summary>Whether the range is to be taken as it lies.</summary>
    public bool IsExactRange => End - Start == Size;

    public bool IsContiguous => (Flags & GpuBuddyAllocFlags.Contiguous) != 0;

    public bool WantsClear => (Flags & GpuBuddyAllocFlags.Clear) != 0;

    public bool IsTrimmed => (Flags & GpuBuddyAllocFlags.TrimDisable) == 0;

    /// <summary>Whether one block smaller than its alignment is wanted.</summary>
    public bool IsOffsetAligned => Size < MinBlock;
}
