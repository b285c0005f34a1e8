using BrokenDriver.Hardware;

namespace BrokenDriver.Memory;

/// <summary>Video memory that belongs to the holder, until it is dropped.</summary>
internal sealed class AllocatedBlocks(BuddyAllocator owner, int node, uint firstFrame) : IDisposable
{
    private int _node = node;

    public uint FirstFrame => firstFrame;

    /// <summary>Address of the first byte in video memory.</summary>
    public ulong Address => PageTableFormat.FrameAddress(firstFrame);

    /// <summary>Gives the blocks back, which takes the allocator's lock.</summary>
    public void Dispose()
    {
        int mine = Interlocked.Exchange(ref _node, 0);
        if (mine != 0)
            owner.Free(mine);
    }
}
