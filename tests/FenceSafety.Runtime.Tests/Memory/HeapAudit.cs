using System.Numerics;
using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>Checks that an allocator's metadata is consistent; no other thread may use it meanwhile.</summary>
internal sealed class HeapAudit
{
    private readonly BuddyHeap _heap;
    private readonly List<(ulong Offset, ulong Size, BlockState State, bool IsClear)> _leaves = [];
    private readonly HashSet<int> _freeLeaves = [];
    private int _pairs;

    private HeapAudit(BuddyHeap heap) => _heap = heap;

    /// <summary>Checks every invariant and returns the leaves of the block tree, by offset.</summary>
    public static IReadOnlyList<(ulong Offset, ulong Size, BlockState State, bool IsClear)> Check(GpuBuddy buddy)
    {
        HeapAudit audit = new(buddy.Heap);
        audit.Run();
        return audit._leaves;
    }

    private void Run()
    {
        // The pair of each root counts too.
        _pairs = _heap.Roots.Length;
        foreach (int root in _heap.Roots)
        {
            Walk(root);
        }

        // The leaves tile the heap.
        ulong end = 0;
        foreach ((ulong offset, ulong size, _, _) in _leaves)
        {
            Assert.Equal(end, offset);
            end = offset + size;
        }

        Assert.Equal(_heap.Size, end);

        // The counters are the sums of the free leaves.
        Assert.Equal(Sum(leaf => leaf.State == BlockState.Free), _heap.Avail);
        Assert.Equal(Sum(leaf => leaf.State == BlockState.Free && leaf.IsClear), _heap.ClearAvail);

        // The trees hold exactly the free leaves.
        foreach (bool isClear in (bool[])[false, true])
        {
            for (int order = 0; order <= _heap.MaxOrder; order++)
            {
                ulong? last = null;
                CheckTree(_heap.FreeRoot(isClear, order), isClear, order, ref last);
            }
        }

        Assert.Empty(_freeLeaves);

        // No metadata is lost.
        Assert.Equal(_heap.Table.TotalPairs, _heap.Table.UnusedPairs + _pairs);
    }

    private ulong Sum(Func<(ulong Offset, ulong Size, BlockState State, bool IsClear), bool> which) =>
        _leaves.Where(which).Aggregate(0ul, (sum, leaf) => sum + leaf.Size);

    private void Walk(int index)
    {
        BlockNode node = _heap.Table[index];
        ulong size = _heap.SizeOf(node.Order);
        Assert.Equal(0ul, node.Offset & (size - 1));
        switch (node.State)
        {
            case BlockState.Split:
                _pairs++;
                BlockNode left = _heap.Table[node.Children];
                BlockNode right = _heap.Table[node.Children + 1];
                Assert.Equal((index, index), (left.Parent, right.Parent));
                Assert.Equal((node.Order - 1, node.Order - 1), (left.Order, right.Order));
                Assert.Equal((node.Offset, node.Offset + (size / 2)), (left.Offset, right.Offset));
                Assert.False(
                    left.State == BlockState.Free && right.State == BlockState.Free && left.IsClear == right.IsClear,
                    $"Free buddies of equal contents at 0x{left.Offset:X} are not merged.");
                Walk(node.Children);
                Walk(node.Children + 1);
                Assert.Equal(Math.Max(left.MaxFreeDirty, right.MaxFreeDirty), node.MaxFreeDirty);
                Assert.Equal(Math.Max(left.MaxFreeClear, right.MaxFreeClear), node.MaxFreeClear);
                break;
            case BlockState.Free:
                int maxFree = node.Order + 1;
                Assert.Equal(node.IsClear ? (0, maxFree) : (maxFree, 0), (node.MaxFreeDirty, node.MaxFreeClear));
                _freeLeaves.Add(index);
                _leaves.Add((node.Offset, size, node.State, node.IsClear));
                break;
            default:
                Assert.Equal(BlockState.Allocated, node.State);
                Assert.Equal((0, 0), (node.MaxFreeDirty, node.MaxFreeClear));
                _leaves.Add((node.Offset, size, node.State, node.IsClear));
                break;
        }
    }

    private (int Height, int Alignment) CheckTree(int index, bool isClear, int order, ref ulong? last)
    {
        if (index == 0)
        {
            return (0, 0);
        }

        BlockNode node = _heap.Table[index];
        (int Height, int Alignment) left = CheckTree(node.Left, isClear, order, ref last);
        Assert.True(_freeLeaves.Remove(index), $"0x{node.Offset:X} is in a tree, but no free leaf, or in two.");
        Assert.Equal((isClear, order), (node.IsClear, node.Order));
        Assert.True(last is null || last < node.Offset, "The tree is not sorted by offset.");
        last = node.Offset;
        (int Height, int Alignment) right = CheckTree(node.Right, isClear, order, ref last);
        Assert.True(Math.Abs(left.Height - right.Height) <= 1, "The tree is not balanced.");
        int own = node.Offset == 0 ? 65 : BitOperations.TrailingZeroCount(node.Offset);
        int alignment = Math.Max(own, Math.Max(left.Alignment, right.Alignment));
        int height = 1 + Math.Max(left.Height, right.Height);
        Assert.Equal((height, alignment), (node.Height, node.MaxAlignment));
        return (height, alignment);
    }
}
