using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>One run of <see cref="PageTableTree.Map"/>: what to write, and how far it has come.</summary>
internal ref struct MapJob
{
    internal PreparedMapping Prepared;
    internal ReadOnlySpan<Pfn> Frames;

    /// <summary>Room for one table's worth of entries.</summary>
    internal Span<ulong> Buffer;

    internal ulong First;
    internal ulong End;

    /// <summary>A valid entry but for the frame number, which begins at <see cref="FrameShift"/>.</summary>
    internal ulong Template;
    internal int FrameShift;
    internal PageSizes Sizes;

    /// <summary>All pages below this one are written.</summary>
    internal ulong Reached;

    /// <summary>Whether an entry was changed that the TLB may know: then the far TLBs have to be waited for.</summary>
    internal bool ChangedValid;

    /// <summary>Whether entries of the current slot hold what a former unmap left there.</summary>
    internal bool SmallLeftovers;
    internal bool BigLeftovers;

    internal readonly ReadOnlySpan<Pfn> FramesOf(ulong vfn, int count) => Frames.Slice((int)(vfn - First), count);

    internal readonly ulong Entry(Pfn frame) => Template | frame.Raw << FrameShift;
}
