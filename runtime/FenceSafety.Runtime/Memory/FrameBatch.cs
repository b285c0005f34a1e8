using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>Frames that were allocated together and go back together.</summary>
internal sealed class FrameBatch(BuddyFrames source, [Consumes] AllocatedBlocks blocks, int count)
{
    private readonly VramAddress[] _free = new VramAddress[count];
    private int _freeCount;

    internal BuddyFrames Source => source;

    internal AllocatedBlocks Blocks => blocks;

    internal int FreeCount => _freeCount;

    internal bool IsWholeFree => _freeCount == _free.Length;

    internal FrameBatch? Previous { get; set; }

    internal FrameBatch? Next { get; set; }

    internal VramAddress Take() => _free[--_freeCount];

    internal bool IsFree(VramAddress frame) => _free.AsSpan(0, _freeCount).Contains(frame);

    internal void Return(VramAddress frame) => _free[_freeCount++] = frame;
}
