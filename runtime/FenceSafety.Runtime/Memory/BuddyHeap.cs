using System.Numerics;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// The buddy algorithm without locks or handles: a heap of any size cut into power-of-two roots, blocks split in halves, free blocks in
/// trees by order and by whether they are known to be zero. Offsets are relative to the heap.
/// </summary>
/// <remarks>
/// Every step reserves its metadata before it changes anything, so that running out of host memory leaves the heap as it was.
/// </remarks>
internal sealed partial class BuddyHeap
{
    /// <summary>The pairs that one step can need at most: the splits along two edges, each through every order.</summary>
    public const int PairsPerStep = 2 * 52;

    private readonly FreeTree _tree;
    private readonly int[] _roots;

    // By order, first the trees of the dirty blocks, then those of the clear ones.
    private readonly int[] _freeRoots;

    // One bit for each order that has free blocks: dirty, clear.
    private readonly ulong[] _nonEmpty = new ulong[2];
    private ulong _avail;
    private ulong _clearAvail;

    public BuddyHeap(ulong size, ulong chunkSize)
    {
        ChunkShift = BitOperations.Log2(chunkSize);
        Size = size & ~(chunkSize - 1);
        MaxOrder = BitOperations.Log2(Size) - ChunkShift;
        Table = new BlockTable();
        _tree = new FreeTree(Table);
        _roots = new int[BitOperations.PopCount(Size)];
        _freeRoots = new int[2 * (MaxOrder + 1)];
        _avail = Size;
        Table.Reserve(_roots.Length);
        ulong offset = 0;
        for (int i = 0; i < _roots.Length; i++)
        {
            int order = BitOperations.Log2(Size - offset) - ChunkShift;
            int root = Table.TakePair();
            Table[root] = BlockNode.Create(offset, order, isClear: false, parent: 0);
            InsertFree(root);
            _roots[i] = root;
            offset += SizeOf(order);
        }
    }

    public BlockTable Table { get; }

    public int ChunkShift { get; }

    public ulong Size { get; }

    public int MaxOrder { get; }

    /// <summary>The bytes that are free.</summary>
    public ulong Avail => Volatile.Read(ref _avail);

    /// <summary>The free bytes that are known to be zero.</summary>
    public ulong ClearAvail => Volatile.Read(ref _clearAvail);

    public ReadOnlySpan<int> Roots => _roots;

    public ulong SizeOf(int order) => 1ul << (order + ChunkShift);

    /// <summary>The root of the tree of free blocks of an order; 0 if there are none.</summary>
    public int FreeRoot(bool isClear, int order) => _freeRoots[TreeIndex(isClear, order)];

    /// <summary>Frees the blocks of a list, setting what is known of their contents.</summary>
    public void FreeList(int head, bool isClear)
    {
        while (head != 0)
        {
            ref BlockNode node = ref Table[head];
            int next = node.Left;
            node.IsClear = isClear;
            FreeBlock(head);
            head = next;
        }
    }

    /// <summary>Gives back what a failed request had got; what was known of its contents still holds.</summary>
    private void Rollback(int head)
    {
        while (head != 0)
        {
            int next = Table[head].Left;
            FreeBlock(head);
            head = next;
        }
    }

    private void FreeBlock(int block)
    {
        ref BlockNode node = ref Table[block];
        if (node.State != BlockState.Allocated)
        {
            throw new InvalidOperationException($"The block at 0x{node.Offset:X} is {node.State}, not allocated.");
        }

        ulong size = SizeOf(node.Order);
        bool isClear = node.IsClear;
        Volatile.Write(ref _avail, _avail + size);
        if (isClear)
        {
            Volatile.Write(ref _clearAvail, _clearAvail + size);
        }

        // Merge upward with buddies of the same contents.
        int parent = node.Parent;
        while (parent != 0)
        {
            int buddy = BlockTable.BuddyOf(block);
            ref BlockNode other = ref Table[buddy];
            if (other.State != BlockState.Free || other.IsClear != isClear)
            {
                break;
            }

            RemoveFree(buddy);
            Unsplit(parent, isClear);
            block = parent;
            parent = Table[block].Parent;
        }

        InsertFree(block);
    }

    /// <summary>Makes a split block whole again, whose halves are in no tree; the block itself is in none yet.</summary>
    private void Unsplit(int parent, bool isClear)
    {
        ref BlockNode node = ref Table[parent];
        Table.ReturnPair(node.Children);
        node.Children = 0;
        node.IsClear = isClear;
    }

    /// <summary>Splits a block that is in no tree. The halves are in no tree either, and inherit what is known of the contents.</summary>
    /// <returns>The left half; the right one is next to it.</returns>
    private int Split(int block)
    {
        ref BlockNode node = ref Table[block];
        int left = Table.TakePair();
        int order = node.Order - 1;
        Table[left] = BlockNode.Create(node.Offset, order, node.IsClear, block);
        Table[left + 1] = BlockNode.Create(node.Offset + SizeOf(order), order, node.IsClear, block);
        node.State = BlockState.Split;
        node.Children = left;
        return left;
    }

    /// <summary>Marks a block that is in no tree as allocated.</summary>
    private int MarkAllocated(int block)
    {
        ref BlockNode node = ref Table[block];
        node.State = BlockState.Allocated;
        node.Left = 0;
        node.Right = 0;
        ulong size = SizeOf(node.Order);
        Volatile.Write(ref _avail, _avail - size);
        if (node.IsClear)
        {
            Volatile.Write(ref _clearAvail, _clearAvail - size);
        }

        UpdateMaxFree(block, 0, 0);
        return block;
    }

    private void InsertFree(int block)
    {
        ref BlockNode node = ref Table[block];
        node.State = BlockState.Free;
        ref int root = ref _freeRoots[TreeIndex(node.IsClear, node.Order)];
        root = _tree.Insert(root, block);
        _nonEmpty[node.IsClear ? 1 : 0] |= 1ul << node.Order;
        byte maxFree = (byte)(node.Order + 1);
        UpdateMaxFree(block, node.IsClear ? (byte)0 : maxFree, node.IsClear ? maxFree : (byte)0);
    }

    /// <summary>Notes what is free in a leaf, and in the blocks that it is part of as far up as that changes anything.</summary>
    private void UpdateMaxFree(int block, byte dirty, byte clear)
    {
        while (true)
        {
            ref BlockNode node = ref Table[block];
            if (node.MaxFreeDirty == dirty && node.MaxFreeClear == clear)
            {
                return;
            }

            node.MaxFreeDirty = dirty;
            node.MaxFreeClear = clear;
            block = node.Parent;
            if (block == 0)
            {
                return;
            }

            ref BlockNode left = ref Table[Table[block].Children];
            ref BlockNode right = ref Table[Table[block].Children + 1];
            dirty = Math.Max(left.MaxFreeDirty, right.MaxFreeDirty);
            clear = Math.Max(left.MaxFreeClear, right.MaxFreeClear);
        }
    }

    private void RemoveFree(int block)
    {
        ref BlockNode node = ref Table[block];
        ref int root = ref _freeRoots[TreeIndex(node.IsClear, node.Order)];
        root = _tree.Remove(root, block);
        if (root == 0)
        {
            _nonEmpty[node.IsClear ? 1 : 0] &= ~(1ul << node.Order);
        }
    }

    private int TreeIndex(bool isClear, int order) => (isClear ? MaxOrder + 1 : 0) + order;
}
