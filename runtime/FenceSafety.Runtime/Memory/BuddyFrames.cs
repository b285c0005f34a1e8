using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// Page tables from a <see cref="GpuBuddy"/>, in batches of up to 64 KiB: a batch goes back when all of its frames are free, and until then
/// they are the first to be handed out again.
/// </summary>
public sealed class BuddyFrames : IVramAllocator
{
    private const int BatchFrames = 16;

    private readonly GpuBuddy _buddy;

    [LockClass("buddy_frames")]
    private readonly SleepingMutex _lock = new("buddy_frames");

    private FrameBatch? _open;
    private int _cached;

    /// <summary>Takes frames from an allocator.</summary>
    /// <param name="buddy">The allocator, with chunks of 4 KiB; the caller goes on owning it.</param>
    /// <exception cref="ArgumentException">Its chunks have another size.</exception>
    public BuddyFrames(GpuBuddy buddy)
    {
        ArgumentNullException.ThrowIfNull(buddy);
        if (buddy.ChunkSize != MmuLayout.PageBytes)
        {
            throw new ArgumentException(
                $"Page tables need chunks of 0x{MmuLayout.PageBytes:X} bytes; those of the allocator have 0x{buddy.ChunkSize:X}.",
                nameof(buddy));
        }

        _buddy = buddy;
    }

    /// <summary>Free frames of batches that are partly used. Read without the lock.</summary>
    public int CachedFrames => Volatile.Read(ref _cached);

    /// <inheritdoc/>
    [MayAllocate]
    public void AllocateFrames(Span<VramFrame> frames)
    {
        int done = TakeCached(frames);
        while (done < frames.Length)
        {
            int count = Math.Min(BatchFrames, frames.Length - done);
            ulong bytes = (ulong)count * MmuLayout.PageBytes;
            if (!_buddy.TryAllocBlocks(default, bytes, MmuLayout.PageBytes, GpuBuddyAllocFlags.None, out AllocatedBlocks blocks))
            {
                FreeFrames(frames[..done]);
                throw new OutOfVideoMemoryException(
                    $"{frames.Length} frames of 0x{MmuLayout.PageBytes:X} bytes were wanted; 0x{_buddy.Avail:X} bytes are free.");
            }

            var batch = new FrameBatch(this, blocks, count);
            foreach (AllocatedBlock block in blocks)
            {
                for (ulong offset = 0; offset < block.Size; offset += MmuLayout.PageBytes)
                    frames[done++] = new VramFrame(new VramAddress(block.Offset + offset), batch);
            }
        }
    }

    /// <inheritdoc/>
    public void FreeFrames(ReadOnlySpan<VramFrame> frames)
    {
        FrameBatch? whole = null;
        VramFrame? refused = null;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            foreach (VramFrame frame in frames)
            {
                if (frame.Owner is not FrameBatch batch || batch.Source != this || batch.IsWholeFree || batch.IsFree(frame.Address))
                {
                    refused = frame;
                    break;
                }

                batch.Return(frame.Address);
                _cached++;
                if (batch.FreeCount == 1)
                    Open(batch);
                if (!batch.IsWholeFree)
                    continue;
                Close(batch);
                _cached -= batch.FreeCount;
                batch.Next = whole;
                whole = batch;
            }
        }

        for (; whole is not null; whole = whole.Next)
            _buddy.Free(whole.Blocks);
        if (refused is { } bad)
            throw new ArgumentException($"The frame at {bad.Address} is not allocated here; those before it were freed.", nameof(frames));
    }

    private int TakeCached(Span<VramFrame> frames)
    {
        using SleepingMutex.Guard guard = _lock.Lock();
        int done = 0;
        while (done < frames.Length && _open is { } batch)
        {
            frames[done++] = new VramFrame(batch.Take(), batch);
            _cached--;
            if (batch.FreeCount == 0)
                Close(batch);
        }

        return done;
    }

    private void Open(FrameBatch batch)
    {
        batch.Next = _open;
        batch.Previous = null;
        if (_open is not null)
            _open.Previous = batch;
        _open = batch;
    }

    private void Close(FrameBatch batch)
    {
        if (batch.Previous is { } previous)
            previous.Next = batch.Next;
        else
            _open = batch.Next;
        if (batch.Next is { } next)
            next.Previous = batch.Previous;
        batch.Next = batch.Previous = null;
    }
}
