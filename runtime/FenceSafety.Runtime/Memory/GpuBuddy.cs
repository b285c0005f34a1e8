using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Reclaiming;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// The buddy allocator for video memory, after the kernel's <c>gpu_buddy</c>: heaps of any size, placement by range or from the top,
/// contiguous memory across blocks, tracking of memory that is known to be zero. Safe for use by any number of threads.
/// </summary>
/// <remarks>
/// One sleeping lock guards it, and block metadata is allocated under that lock: a blocking allocation, which may enter reclaim. So
/// neither fence-critical code nor reclaim may allocate or dispose here; they free by <see cref="AllocatedBlocks.FreeDeferred"/>,
/// which takes no lock.
/// </remarks>
public sealed partial class GpuBuddy : IDisposable
{
    private const string LockName = "gpu_buddy";

    [LockClass(LockName)]
    private readonly SleepingMutex _mutex = new(LockName);
    private readonly BuddyHeap _heap;
    private readonly Reclaim _reclaim;

    // The first block of the deferred allocation that was added last; 0 if there is none.
    private int _deferred;
    private int _lastStamp;
    private bool _disposed;

    /// <summary>Makes an allocator whose whole heap is free and dirty.</summary>
    /// <param name="parameters">What it manages.</param>
    /// <param name="reclaim">The machine's reclaim, which the allocation of metadata may enter; null for one without pressure.</param>
    /// <exception cref="ArgumentException">
    /// The chunk size is no power of two or below 4 KiB; the size is below one chunk; the base offset is not aligned to chunks, or the
    /// heap would end beyond 64 bits.
    /// </exception>
    [MayAllocate]
    public GpuBuddy(GpuBuddyParams parameters, Reclaim? reclaim = null)
    {
        ValidateParameters(parameters);
        ChunkSize = parameters.ChunkSize;
        BaseOffset = parameters.BaseOffset;
        _reclaim = reclaim ?? new Reclaim();
        _reclaim.MightAlloc(Gfp.Kernel);
        _heap = new BuddyHeap(parameters.Size, parameters.ChunkSize);
    }

    /// <summary>What is added to every offset, in bytes.</summary>
    public ulong BaseOffset { get; }

    /// <summary>The smallest block, in bytes.</summary>
    public ulong ChunkSize { get; }

    /// <summary>The managed bytes: whole chunks.</summary>
    public ulong Size => _heap.Size;

    /// <summary>The free bytes. Blocks on the deferred list are not free yet. Read without the lock.</summary>
    public ulong Avail => _heap.Avail;

    /// <summary>The free bytes that are known to be zero. Read without the lock.</summary>
    public ulong ClearAvail => _heap.ClearAvail;

    /// <summary>The order of the largest block that the heap can have.</summary>
    public int MaxOrder => _heap.MaxOrder;

    /// <summary>The number of power-of-two roots that the heap consists of.</summary>
    public int RootCount => _heap.Roots.Length;

    /// <summary>Whether blocks wait on the deferred list. Read without the lock.</summary>
    public bool HasDeferred => Volatile.Read(ref _deferred) != 0;

    /// <summary>For tests: the heap, to be looked at while no other thread uses it.</summary>
    internal BuddyHeap Heap => _heap;

    /// <summary>Allocates.</summary>
    /// <param name="mode">Where.</param>
    /// <param name="size">How many bytes: a multiple of the chunk size, at least one chunk.</param>
    /// <param name="minBlockSize">
    /// The size of the smallest block, and the alignment of each, in bytes: a power of two, at least a chunk. If the size is a smaller
    /// power of two, then one block of just that size at an offset of this alignment. 0 means the chunk size.
    /// </param>
    /// <param name="flags">How.</param>
    /// <returns>The blocks; to be freed by disposing.</returns>
    /// <exception cref="ArgumentException">An argument is out of its bounds; nothing was allocated.</exception>
    /// <exception cref="OutOfVideoMemoryException">There is no room; nothing was allocated.</exception>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    [MayAllocate]
    public AllocatedBlocks AllocBlocks(
        GpuBuddyAllocMode mode, ulong size, ulong minBlockSize = 0, GpuBuddyAllocFlags flags = GpuBuddyAllocFlags.None) =>
        TryAllocBlocks(mode, size, minBlockSize, flags, out AllocatedBlocks blocks)
            ? blocks
            : throw new OutOfVideoMemoryException(
                $"No room for 0x{size:X} bytes in blocks of at least 0x{Math.Max(minBlockSize, ChunkSize):X} bytes: 0x{Avail:X} of "
                + $"0x{Size:X} bytes are free.");

    /// <summary>Allocates, if there is room.</summary>
    /// <param name="mode">Where.</param>
    /// <param name="size">How many bytes: see <see cref="AllocBlocks"/>.</param>
    /// <param name="minBlockSize">The size of the smallest block: see <see cref="AllocBlocks"/>.</param>
    /// <param name="flags">How.</param>
    /// <param name="blocks">The blocks; to be freed by disposing.</param>
    /// <returns>False if there is no room; nothing was allocated then.</returns>
    /// <exception cref="ArgumentException">An argument is out of its bounds; nothing was allocated.</exception>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    [MayAllocate]
    public bool TryAllocBlocks(
        GpuBuddyAllocMode mode, ulong size, ulong minBlockSize, GpuBuddyAllocFlags flags, out AllocatedBlocks blocks)
    {
        BuddyRequest request = ValidateRequest(mode, size, minBlockSize, flags);
        using (_mutex.Lock())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _reclaim.MightAlloc(Gfp.Kernel);
            if (!_heap.TryAllocate(request, out BlockList list)
                && !(DrainUnderLock() != 0 && _heap.TryAllocate(request, out list)))
            {
                blocks = default;
                return false;
            }

            blocks = HandOut(list);
            return true;
        }
    }

    /// <summary>Keeps only a part of a one-block allocation; the rest becomes free.</summary>
    /// <param name="blocks">The allocation; replaced by the kept blocks, of ascending address.</param>
    /// <param name="newSize">The bytes to keep: a multiple of the chunk size, 1 chunk up to the block's size.</param>
    /// <param name="start">The first byte to keep, base offset included, a multiple of the chunk size; null for the block's.</param>
    /// <exception cref="ArgumentException">
    /// The allocation has not exactly one block, belongs to another allocator, or the part is not inside it; it is as before.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The block was freed, or the allocator is disposed.</exception>
    [MayAllocate]
    public void Trim(ref AllocatedBlocks blocks, ulong newSize, ulong? start = null)
    {
        ThrowIfForeign(blocks);
        using (_mutex.Lock())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _reclaim.MightAlloc(Gfp.Kernel);
            ThrowIfStale(blocks);
            ulong first = ValidateTrim(blocks, newSize, start);
            if (newSize == blocks.Size)
            {
                return;
            }

            // From here to the end nothing fails but the reservation of metadata, which comes first.
            _heap.Table.Reserve(BuddyHeap.PairsPerStep);
            Claim(blocks);
            _heap.Trim(blocks.Head, first, newSize, out BlockList kept);
            blocks = HandOut(kept);
        }
    }

    /// <summary>Forgets or declares that all free memory is known to be zero, and makes blocks whole that this kept apart.</summary>
    /// <param name="isClear">Whether it is.</param>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public void ResetClear(bool isClear)
    {
        using (_mutex.Lock())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _heap.ResetClear(isClear);
        }
    }

    /// <summary>Ends the allocator, after freeing what is on the deferred list.</summary>
    /// <exception cref="InvalidOperationException">Blocks are still allocated; the allocator can still be used.</exception>
    public void Dispose()
    {
        using (_mutex.Lock())
        {
            if (_disposed)
            {
                return;
            }

            DrainUnderLock();
            if (_heap.Avail != _heap.Size)
            {
                throw new InvalidOperationException(
                    $"0x{_heap.Size - _heap.Avail:X} of 0x{_heap.Size:X} bytes are still allocated; free them before the allocator.");
            }

            _disposed = true;
        }
    }
}
