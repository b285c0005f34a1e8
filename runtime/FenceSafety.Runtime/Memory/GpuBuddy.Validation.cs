using System.Numerics;

namespace FenceSafety.Runtime.Memory;

public sealed partial class GpuBuddy
{
    private const ulong SmallestChunk = 4096;

    private const GpuBuddyAllocFlags AllAllocFlags =
        GpuBuddyAllocFlags.Contiguous | GpuBuddyAllocFlags.Clear | GpuBuddyAllocFlags.TrimDisable;

    private static void ValidateParameters(in GpuBuddyParams parameters)
    {
        ulong chunk = parameters.ChunkSize;
        if (chunk < SmallestChunk || !BitOperations.IsPow2(chunk))
        {
            throw new ArgumentException(
                $"The chunk size 0x{chunk:X} is no power of two of at least 0x{SmallestChunk:X}.", nameof(parameters));
        }

        if (parameters.Size < chunk)
        {
            throw new ArgumentException($"The size 0x{parameters.Size:X} is below one chunk of 0x{chunk:X}.", nameof(parameters));
        }

        if ((parameters.BaseOffset & (chunk - 1)) != 0)
        {
            throw new ArgumentException(
                $"The base offset 0x{parameters.BaseOffset:X} is no multiple of the chunk size 0x{chunk:X}.", nameof(parameters));
        }

        if (parameters.BaseOffset > ulong.MaxValue - (parameters.Size - 1))
        {
            throw new ArgumentException(
                $"A heap of 0x{parameters.Size:X} bytes at 0x{parameters.BaseOffset:X} ends beyond 64 bits.", nameof(parameters));
        }
    }

    private BuddyRequest ValidateRequest(in GpuBuddyAllocMode mode, ulong size, ulong minBlockSize, GpuBuddyAllocFlags flags)
    {
        if ((flags & ~AllAllocFlags) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(flags), flags, "Only Contiguous, Clear and TrimDisable are known.");
        }

        ThrowIfUnaligned(size, nameof(size));
        ulong minBlock = minBlockSize == 0 ? ChunkSize : minBlockSize;
        if (minBlock < ChunkSize || !BitOperations.IsPow2(minBlock))
        {
            throw new ArgumentException(
                $"The smallest block of 0x{minBlock:X} bytes is no power of two of at least a chunk, 0x{ChunkSize:X}.",
                nameof(minBlockSize));
        }

        ulong end = mode.IsRange ? mode.End : Size;
        ThrowIfUnaligned(mode.Start, nameof(mode), orZero: true);
        ThrowIfUnaligned(end, nameof(mode));
        if (end > Size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(mode), $"The range ends at 0x{end:X}, beyond the heap of 0x{Size:X} bytes.");
        }

        if (size > Size - mode.Start)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), $"The size 0x{size:X} at 0x{mode.Start:X} goes beyond the heap of 0x{Size:X} bytes.");
        }

        return new BuddyRequest(mode.Start, end, size, minBlock, mode.IsRange, mode.IsTopDown, flags);
    }

    private void ThrowIfUnaligned(ulong value, string argument, bool orZero = false)
    {
        if ((value & (ChunkSize - 1)) != 0 || (value == 0 && !orZero))
        {
            throw new ArgumentException(
                $"0x{value:X} is no{(orZero ? string.Empty : " positive")} multiple of the chunk size 0x{ChunkSize:X}.", argument);
        }
    }

    /// <summary>Checks a trim; the lock is held.</summary>
    /// <returns>The first byte to keep, relative to the heap.</returns>
    private ulong ValidateTrim(in AllocatedBlocks blocks, ulong newSize, ulong? start)
    {
        if (blocks.Count != 1)
        {
            throw new ArgumentException($"Only an allocation of one block can be trimmed, and this has {blocks.Count}.", nameof(blocks));
        }

        ThrowIfUnaligned(newSize, nameof(newSize));
        if (newSize > blocks.Size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(newSize), $"The size 0x{newSize:X} is above the block's, 0x{blocks.Size:X}.");
        }

        ulong blockStart = BaseOffset + _heap.Table[blocks.Head].Offset;
        ulong first = start ?? blockStart;
        ThrowIfUnaligned(first, nameof(start), orZero: true);
        if (first < blockStart || first - blockStart > blocks.Size - newSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start),
                $"0x{newSize:X} bytes at 0x{first:X} are not inside the block of 0x{blocks.Size:X} bytes at 0x{blockStart:X}.");
        }

        return first - BaseOffset;
    }
}
