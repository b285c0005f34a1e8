namespace FenceSafety.Runtime.Memory;

/// <summary>
/// The block metadata: slabs that are never moved nor given back, handed out in pairs, as a block is always split in two.
/// </summary>
internal sealed class BlockTable
{
    private const int SlabShift = 10;
    private const int SlabNodes = 1 << SlabShift;

    private BlockNode[][] _slabs = new BlockNode[4][];
    private int _slabCount;
    private int _firstUnused;

    /// <summary>The number of pairs that can be taken without growing.</summary>
    public int UnusedPairs { get; private set; }

    /// <summary>The nodes visited by searches and changes of trees so far: a measure of work that does not depend on the machine.</summary>
    public long Steps { get; set; }

    /// <summary>The number of pairs that exist.</summary>
    public int TotalPairs => (_slabCount * (SlabNodes / 2)) - (_slabCount > 0 ? 1 : 0);

    /// <summary>A node. The reference stays good while the table grows.</summary>
    public ref BlockNode this[int index] => ref _slabs[index >> SlabShift][index & (SlabNodes - 1)];

    /// <summary>The other half of the block that a node is a half of; not for roots.</summary>
    public static int BuddyOf(int index) => index ^ 1;

    /// <summary>Grows until so many pairs can be taken.</summary>
    [MayAllocate]
    public void Reserve(int pairs)
    {
        while (UnusedPairs < pairs)
        {
            AddSlab();
        }
    }

    /// <summary>Takes a pair that was reserved.</summary>
    /// <returns>The left node of the pair, an even index; its contents are to be written.</returns>
    public int TakePair()
    {
        int pair = _firstUnused;
        if (pair == 0)
        {
            throw new InvalidOperationException("No block metadata was reserved.");
        }

        _firstUnused = this[pair].Left;
        UnusedPairs--;
        return pair;
    }

    /// <summary>Gives a pair back.</summary>
    public void ReturnPair(int pair)
    {
        this[pair] = default;
        this[pair + 1] = default;
        this[pair].Left = _firstUnused;
        _firstUnused = pair;
        UnusedPairs++;
    }

    private void AddSlab()
    {
        BlockNode[] slab = new BlockNode[SlabNodes];
        BlockNode[][] slabs = _slabs;
        if (_slabCount == slabs.Length)
        {
            Array.Resize(ref slabs, _slabCount * 2);
        }

        slabs[_slabCount] = slab;

        // Readers of blocks that they own use the table without the lock.
        Volatile.Write(ref _slabs, slabs);
        int first = _slabCount << SlabShift;
        _slabCount++;

        // Index 0 means none, so the first pair is never handed out. Ascending, for locality.
        for (int node = first + SlabNodes - 2; node >= Math.Max(first, 2); node -= 2)
        {
            ReturnPair(node);
        }
    }
}
