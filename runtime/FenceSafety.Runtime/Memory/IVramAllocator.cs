using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// Where page tables come from. An implementation has a lock that it may hold while it allocates, so neither member may be called in
/// fence-critical code, freeing included.
/// </summary>
public interface IVramAllocator
{
    /// <summary>Takes as many 4 KiB frames as the span has room for, or none.</summary>
    /// <param name="pages">Receives their addresses. What the frames hold is undefined.</param>
    /// <exception cref="OutOfVideoMemoryException">There are not enough.</exception>
    [MayAllocate]
    void AllocatePages(Span<VramAddress> pages);

    /// <summary>Gives frames back.</summary>
    /// <param name="pages">Addresses from <see cref="AllocatePages"/>, each once, from any number of calls.</param>
    /// <exception cref="ArgumentException">An address is not allocated.</exception>
    void FreePages(ReadOnlySpan<VramAddress> pages);
}
