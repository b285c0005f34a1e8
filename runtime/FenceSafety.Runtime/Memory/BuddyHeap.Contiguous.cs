using System.Numerics;

namespace FenceSafety.Runtime.Memory;

internal sealed partial class BuddyHeap
{
    /// <summary>
    /// Contiguous memory where no single block is big enough: a free block of the largest power of two in the size, continued to the
    /// right, and where that ends, to the left. Finds two adjacent holes that are no buddies.
    /// </summary>
    [MayAllocate]
    private bool TryHarder(in BuddyRequest request, out BlockList blocks)
    {
        blocks = default;
        int order = BitOperations.Log2(request.Size) - ChunkShift;
        if (order == 0)
        {
            return false;
        }

        Table.Reserve(PairsPerStep);
        return TryHarder(request, order, request.WantsClear, ref blocks) || TryHarder(request, order, !request.WantsClear, ref blocks);
    }

    private bool TryHarder(in BuddyRequest request, int order, bool isClear, ref BlockList blocks)
    {
        if (order > MaxOrder)
        {
            return false;
        }

        int root = FreeRoot(isClear, order);
        for (int block = _tree.Last(root); block != 0; block = _tree.LastBelow(root, Table[block].Offset))
        {
            ulong offset = Table[block].Offset;

            // What is free from here on, and what is then still wanted to the left, in whole blocks.
            ulong wanted = Math.Min(request.Size, Size - offset);
            ulong filled = (FirstUsed(offset, offset + (wanted - 1)) ?? (offset + wanted)) - offset;
            if (filled == request.Size)
            {
                return TryTakeExact(offset, offset + (filled - 1), ref blocks);
            }

            ulong missing = Math.Max(request.Size - filled, request.MinBlock);
            missing = unchecked(missing + request.MinBlock - 1) & ~(request.MinBlock - 1);
            if (missing != 0 && missing <= offset && FirstUsed(offset - missing, offset - 1) is null)
            {
                return TryTakeExact(offset - missing, offset + (filled - 1), ref blocks);
            }
        }

        return false;
    }
}
