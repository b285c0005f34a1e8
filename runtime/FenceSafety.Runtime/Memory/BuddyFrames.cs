using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>Page tables from a <see cref="GpuBuddy"/>: one chunk each, since each is freed by itself.</summary>
public sealed class BuddyFrames : IVramAllocator
{
    private readonly GpuBuddy _buddy;

    /// <summary>Takes frames from an allocator.</summary>
    /// <param name="buddy">The allocator, with chunks of 4 KiB; the caller goes on owning it.</param>
    /// <exception cref="ArgumentException">Its chunks have another size.</exception>
    public BuddyFrames(GpuBuddy buddy)
    {
        ArgumentNullException.ThrowIfNull(buddy);
        if (buddy.ChunkSize != MmuLayout.PageBytes)
        {
            throw new ArgumentException(
                $"Page tables need chunks of 0x{MmuLayout.PageBytes:X} bytes; those of the allocator have 0x{buddy.ChunkSize:X}.", nameof(buddy));
        }

        _buddy = buddy;
    }

    /// <inheritdoc/>
    [MayAllocate]
    public void AllocateFrames(Span<VramFrame> frames)
    {
        for (int i = 0; i < frames.Length; i++)
        {
            if (_buddy.TryAllocBlocks(default, MmuLayout.PageBytes, MmuLayout.PageBytes, GpuBuddyAllocFlags.None, out AllocatedBlocks blocks))
            {
                frames[i] = new VramFrame(new VramAddress(blocks.First.Offset), blocks);
                continue;
            }

            FreeFrames(frames[..i]);
            throw new OutOfVideoMemoryException(
                $"{frames.Length} frames of 0x{MmuLayout.PageBytes:X} bytes were wanted; 0x{_buddy.Avail:X} bytes are free.");
        }
    }

    /// <inheritdoc/>
    public void FreeFrames(ReadOnlySpan<VramFrame> frames)
    {
        foreach (VramFrame frame in frames)
            _buddy.Free(frame.Blocks);
    }
}
