using System.Numerics;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// The metadata of one block: 32 bytes in a slab, addressed by index, so that neither splitting nor freeing makes a managed object.
/// </summary>
/// <remarks>
/// The header is laid out as in the kernel: bits 63:12 offset, 11:10 state, 9 clear, 5:0 order. The link fields mean what the state says.
/// </remarks>
internal struct BlockNode
{
    /// <summary>The alignment that offset 0 counts as: more than any other offset has.</summary>
    public const int AlignmentOfZero = 65;

    /// <summary>The block that this one is half of; 0 for a root.</summary>
    public int Parent;

    /// <summary>Split: the left half; the right half is the next index.</summary>
    public int Children;

    /// <summary>Free: the left subtree. Allocated: the next block of the same allocation. Unused: the next unused pair.</summary>
    public int Left;

    /// <summary>Free: the right subtree. Allocated, and first of a deferred allocation: the next deferred one.</summary>
    public int Right;

    /// <summary>The stamp of the handle that owns the allocation of which this is the first block; 0 if there is none.</summary>
    public int Stamp;

    /// <summary>Free: the height of the subtree of free blocks below and including this one.</summary>
    public byte Height;

    /// <summary>Free: the greatest alignment (trailing zero bits) of an offset in that subtree.</summary>
    public byte MaxAlignment;

    /// <summary>One more than the greatest order of a free dirty block that this is or is split into; 0 if there is none.</summary>
    public byte MaxFreeDirty;

    /// <summary>The same for blocks that are known to be zero.</summary>
    public byte MaxFreeClear;

    private const ulong OffsetMask = ~0xFFFul;
    private const int StateShift = 10;
    private const ulong StateMask = 3ul << StateShift;
    private const ulong ClearBit = 1ul << 9;
    private const ulong OrderMask = 0x3F;

    private ulong _header;

    public readonly ulong Offset => _header & OffsetMask;

    public readonly int Order => (int)(_header & OrderMask);

    /// <summary>The number of zero bits at the end of the offset.</summary>
    public readonly int Alignment => Offset == 0 ? AlignmentOfZero : BitOperations.TrailingZeroCount(Offset);

    public BlockState State
    {
        readonly get => (BlockState)((_header & StateMask) >> StateShift);
        set => _header = (_header & ~StateMask) | ((ulong)value << StateShift);
    }

    public bool IsClear
    {
        readonly get => (_header & ClearBit) != 0;
        set => _header = value ? _header | ClearBit : _header & ~ClearBit;
    }

    public static BlockNode Create(ulong offset, int order, bool isClear, int parent) => new()
    {
        _header = offset | (isClear ? ClearBit : 0) | (uint)order,
        Parent = parent,
    };
}
