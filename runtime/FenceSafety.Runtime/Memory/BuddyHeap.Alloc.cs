using System.Numerics;

namespace FenceSafety.Runtime.Memory;

internal sealed partial class BuddyHeap
{
    /// <summary>Allocates.</summary>
    /// <param name="request">What is wanted, validated but for what only the heap can know.</param>
    /// <param name="blocks">The blocks, in the order of their allocation.</param>
    /// <returns>False if there is no room; the heap is then as before, up to blocks that a force-merge made whole.</returns>
    /// <exception cref="ArgumentException">The request can never be satisfied by this heap.</exception>
    [MayAllocate]
    public bool TryAllocate(in BuddyRequest request, out BlockList blocks)
    {
        Table.Reserve(PairsPerStep);
        if (request.IsExactRange)
        {
            return TryAllocateExact(request, out blocks);
        }

        ulong size = RoundSize(request, out ulong minBlock);
        if (size > Size || size == 0)
        {
            if (request.IsContiguous && !request.InRange)
            {
                return TryHarder(request, out blocks);
            }

            throw new ArgumentException(
                $"The size 0x{request.Size:X}, rounded for blocks of at least 0x{request.MinBlock:X} bytes, exceeds the heap of "
                + $"0x{Size:X} bytes.",
                "size");
        }

        if (!TryAllocateGreedy(request, size, minBlock, out blocks))
        {
            return request.IsContiguous && !request.InRange && TryHarder(request, out blocks);
        }

        if (request.IsTrimmed && blocks.Bytes > request.Size)
        {
            TrimTail(ref blocks, blocks.Bytes - request.Size);
        }

        return true;
    }

    /// <summary>Rounds the size; 0 if the result does not fit 64 bits.</summary>
    private static ulong RoundSize(in BuddyRequest request, out ulong minBlock)
    {
        minBlock = request.MinBlock;
        if (request.IsContiguous)
        {
            return minBlock = BitOperations.RoundUpToPowerOf2(request.Size);
        }

        if (BitOperations.IsPow2(request.Size) && request.IsOffsetAligned)
        {
            return request.Size;
        }

        return unchecked(request.Size + minBlock - 1) & ~(minBlock - 1);
    }

    [MayAllocate]
    private bool TryAllocateGreedy(in BuddyRequest request, ulong size, ulong minBlock, out BlockList blocks)
    {
        blocks = default;
        try
        {
            int order = MaxOrder;
            int minOrder = BitOperations.Log2(minBlock) - ChunkShift;
            bool merged = false;
            for (ulong remaining = size; remaining != 0;)
            {
                Table.Reserve(PairsPerStep);
                order = Math.Min(order, BitOperations.Log2(remaining) - ChunkShift);
                int block = TakeOne(request, order, size < minBlock ? minBlock : 0);
                if (block != 0)
                {
                    ulong taken = SizeOf(order);
                    blocks.Append(Table, block, taken);
                    remaining -= taken;
                }
                else if (order > minOrder)
                {
                    order--;
                }
                else if (!merged && minOrder > 0 && _clearAvail != 0)
                {
                    ForceMerge(request.Start, request.End - 1, minOrder);
                    merged = true;
                }
                else
                {
                    Rollback(blocks.Head);
                    blocks = default;
                    return false;
                }
            }

            return true;
        }
        catch
        {
            // Out of host memory: nothing is lost.
            Rollback(blocks.Head);
            throw;
        }
    }

    /// <summary>Takes one block of an order; 0 if there is none.</summary>
    private int TakeOne(in BuddyRequest request, int order, ulong alignment)
    {
        if (request.InRange)
        {
            return TakeInRange(request, order, Math.Max(alignment, SizeOf(order)));
        }

        if (alignment != 0)
        {
            return TakeAligned(order, BitOperations.Log2(alignment), request.WantsClear);
        }

        int block = request.TopDown ? HighestFree(order, request.WantsClear) : BestFree(order, request.WantsClear);
        if (block == 0)
        {
            block = BestFree(order, !request.WantsClear);
        }

        if (block == 0)
        {
            return 0;
        }

        RemoveFree(block);
        while (Table[block].Order > order)
        {
            int left = Split(block);
            InsertFree(left);
            block = left + 1;
        }

        return MarkAllocated(block);
    }

    /// <summary>The highest block of the smallest order that suffices.</summary>
    private int BestFree(int order, bool isClear)
    {
        ulong orders = _nonEmpty[isClear ? 1 : 0] >> order << order;
        return orders == 0 ? 0 : _tree.Last(FreeRoot(isClear, BitOperations.TrailingZeroCount(orders)));
    }

    /// <summary>The block of the highest offset among those whose order suffices.</summary>
    private int HighestFree(int order, bool isClear)
    {
        int highest = 0;
        for (ulong orders = _nonEmpty[isClear ? 1 : 0] >> order << order; orders != 0; orders &= orders - 1)
        {
            int last = _tree.Last(FreeRoot(isClear, BitOperations.TrailingZeroCount(orders)));
            if (highest == 0 || Table[last].Offset > Table[highest].Offset)
            {
                highest = last;
            }
        }

        return highest;
    }

    /// <summary>Takes a block that is smaller than the alignment of its offset.</summary>
    private int TakeAligned(int order, int alignment, bool wantClear)
    {
        int block = FindAligned(order, alignment, wantClear);
        if (block == 0)
        {
            block = FindAligned(order, alignment, !wantClear);
        }

        if (block == 0)
        {
            return 0;
        }

        RemoveFree(block);
        while (Table[block].Order > order)
        {
            int left = Split(block);
            bool keepRight = Table[left + 1].Alignment >= alignment;
            InsertFree(keepRight ? left : left + 1);
            block = keepRight ? left + 1 : left;
        }

        return MarkAllocated(block);
    }

    private int FindAligned(int order, int alignment, bool isClear)
    {
        for (ulong orders = _nonEmpty[isClear ? 1 : 0] >> order << order; orders != 0; orders &= orders - 1)
        {
            int found = _tree.LastAligned(FreeRoot(isClear, BitOperations.TrailingZeroCount(orders)), alignment);
            if (found != 0)
            {
                return found;
            }
        }

        return 0;
    }
}
