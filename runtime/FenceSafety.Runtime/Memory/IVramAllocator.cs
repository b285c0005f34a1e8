namespace FenceSafety.Runtime.Memory;

/// <summary>
/// Where page tables come from. An implementation has a lock that it may hold while it allocates, so neither member may be called in
/// fence-critical code, freeing included.
/// </summary>
public interface IVramAllocator
{
    /// <summary>Takes as many 4 KiB frames as the span has room for, or none.</summary>
    /// <param name="frames">Receives them. What they hold is undefined.</param>
    /// <exception cref="OutOfVideoMemoryException">There are not enough.</exception>
    [MayAllocate]
    void AllocateFrames(Span<VramFrame> frames);

    /// <summary>Gives frames back.</summary>
    /// <param name="frames">Frames from <see cref="AllocateFrames"/>, each once, from any number of calls.</param>
    /// <exception cref="ArgumentException">A frame is not allocated.</exception>
    void FreeFrames(ReadOnlySpan<VramFrame> frames);
}
