namespace FenceSafety.Runtime.Memory;

/// <summary>One block of an allocation.</summary>
/// <param name="Offset">Its first byte, the allocator's base offset included.</param>
/// <param name="Order">Its size as a power of two of chunks.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsClear">Whether it was known to be zero when it was handed out.</param>
public readonly record struct AllocatedBlock(ulong Offset, int Order, ulong Size, bool IsClear)
{
    /// <summary>The last byte of the block, inclusive, so that a block at the top of the address space has one.</summary>
    public ulong Last => Offset + (Size - 1);
}
