using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Memory;

public sealed partial class GpuBuddy
{
    private const GpuBuddyFreeFlags AllFreeFlags = GpuBuddyFreeFlags.Cleared;

    /// <summary>Frees blocks.</summary>
    /// <param name="blocks">Blocks of this allocator; the default value is nothing to free.</param>
    /// <param name="flags">What is known of their contents.</param>
    /// <exception cref="ArgumentException">They belong to another allocator, or a flag is unknown; they are still allocated.</exception>
    /// <exception cref="ObjectDisposedException">They were freed before.</exception>
    public void Free([Consumes] AllocatedBlocks blocks, GpuBuddyFreeFlags flags = GpuBuddyFreeFlags.None)
    {
        ThrowIfUnknown(flags);
        if (blocks.Owner is null)
        {
            return;
        }

        ThrowIfForeign(blocks);
        if (!Release(blocks, flags))
        {
            throw FreedBefore();
        }
    }

    /// <summary>
    /// Puts blocks on the deferred list, without taking a lock or allocating anything: see <see cref="AllocatedBlocks.FreeDeferred"/>.
    /// </summary>
    /// <param name="blocks">Blocks of this allocator; the default value is nothing to free.</param>
    /// <param name="flags">What is known of their contents.</param>
    /// <exception cref="ArgumentException">They belong to another allocator, or a flag is unknown; they are still allocated.</exception>
    /// <exception cref="ObjectDisposedException">They were freed before.</exception>
    [FenceCritical]
    public void FreeDeferred([Consumes] AllocatedBlocks blocks, GpuBuddyFreeFlags flags = GpuBuddyFreeFlags.None)
    {
        ThrowIfUnknown(flags);
        if (blocks.Owner is null)
        {
            return;
        }

        ThrowIfForeign(blocks);
        Claim(blocks);

        // Until they are freed the blocks belong to the list, so what is known of their contents can wait in the first one.
        ref BlockNode head = ref _heap.Table[blocks.Head];
        head.IsClear = (flags & GpuBuddyFreeFlags.Cleared) != 0;
        int seen = Volatile.Read(ref _deferred);
        while (true)
        {
            head.Right = seen;
            int before = Interlocked.CompareExchange(ref _deferred, blocks.Head, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>Frees what is on the deferred list. For the cleanup stage, outside of fence-critical code.</summary>
    /// <returns>The bytes freed.</returns>
    public ulong DrainDeferred()
    {
        using (_mutex.Lock())
        {
            return DrainUnderLock();
        }
    }

    /// <summary>Frees the blocks of a handle, unless that was done before.</summary>
    /// <returns>False if they were freed before.</returns>
    internal bool Release(in AllocatedBlocks blocks, GpuBuddyFreeFlags flags)
    {
        using (_mutex.Lock())
        {
            if (!TryClaim(blocks))
            {
                return false;
            }

            _heap.FreeList(blocks.Head, (flags & GpuBuddyFreeFlags.Cleared) != 0);
            return true;
        }
    }

    internal bool IsLive(in AllocatedBlocks blocks) => Volatile.Read(ref _heap.Table[blocks.Head].Stamp) == blocks.Stamp;

    internal void ThrowIfStale(in AllocatedBlocks blocks)
    {
        if (!IsLive(blocks))
        {
            throw FreedBefore();
        }
    }

    /// <summary>Describes an allocated block and goes to the next one. Needs no lock: the caller owns the blocks.</summary>
    internal AllocatedBlock Describe(ref int block)
    {
        ref BlockNode node = ref _heap.Table[block];
        block = node.Left;
        return new AllocatedBlock(BaseOffset + node.Offset, node.Order, _heap.SizeOf(node.Order), node.IsClear);
    }

    private static ObjectDisposedException FreedBefore() => new(nameof(AllocatedBlocks), "The blocks were freed before.");

    private static void ThrowIfUnknown(GpuBuddyFreeFlags flags)
    {
        if ((flags & ~AllFreeFlags) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(flags), flags, "Only the flag Cleared is known.");
        }
    }

    [RequiresLock(nameof(_mutex))]
    private ulong DrainUnderLock()
    {
        ulong before = _heap.Avail;
        int first = Interlocked.Exchange(ref _deferred, 0);
        while (first != 0)
        {
            ref BlockNode head = ref _heap.Table[first];
            int next = head.Right;
            _heap.FreeList(first, head.IsClear);
            first = next;
        }

        return _heap.Avail - before;
    }

    /// <summary>Gives a list to a handle that alone can free it.</summary>
    [RequiresLock(nameof(_mutex))]
    private AllocatedBlocks HandOut(in BlockList list)
    {
        // 0 is the stamp of blocks that nobody owns. A stamp comes again after 2^32 allocations, and then on another block.
        int stamp = unchecked(++_lastStamp);
        if (stamp == 0)
        {
            stamp = ++_lastStamp;
        }

        Volatile.Write(ref _heap.Table[list.Head].Stamp, stamp);
        return new AllocatedBlocks(this, list, stamp);
    }

    private bool TryClaim(in AllocatedBlocks blocks) =>
        Interlocked.CompareExchange(ref _heap.Table[blocks.Head].Stamp, 0, blocks.Stamp) == blocks.Stamp;

    private void Claim(in AllocatedBlocks blocks)
    {
        if (!TryClaim(blocks))
        {
            throw FreedBefore();
        }
    }

    private void ThrowIfForeign(in AllocatedBlocks blocks)
    {
        if (blocks.Owner != this)
        {
            throw new ArgumentException("The blocks belong to another allocator.", nameof(blocks));
        }
    }
}
