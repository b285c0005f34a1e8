namespace FenceSafety.Runtime.Memory;

internal sealed partial class BuddyHeap
{
    /// <summary>Keeps only a part of one allocated block; the rest becomes free.</summary>
    /// <param name="block">An allocated block that is the only one of its allocation.</param>
    /// <param name="start">The first byte to keep, inside the block.</param>
    /// <param name="size">The bytes to keep, inside the block.</param>
    /// <param name="blocks">The kept blocks, of ascending offset, with the contents of the old one.</param>
    /// <remarks>Needs <see cref="PairsPerStep"/> pairs of metadata, and then cannot fail.</remarks>
    public void Trim(int block, ulong start, ulong size, out BlockList blocks)
    {
        blocks = default;
        TrimBelow(block, start, start + (size - 1), ref blocks);
    }

    /// <summary>Gives back the end of the last block of a list.</summary>
    [MayAllocate]
    private void TrimTail(ref BlockList blocks, ulong excess)
    {
        try
        {
            Table.Reserve(PairsPerStep);
        }
        catch
        {
            Rollback(blocks.Head);
            throw;
        }

        int last = blocks.Tail;
        ulong lastSize = SizeOf(Table[last].Order);
        BlockList kept = default;
        int before = 0;
        for (int node = blocks.Head; node != last; node = Table[node].Left)
        {
            before = node;
        }

        ulong start = Table[last].Offset;
        TrimBelow(last, start, start + (lastSize - excess - 1), ref kept);
        if (before == 0)
        {
            blocks = kept;
            return;
        }

        Table[before].Left = kept.Head;
        blocks.Tail = kept.Tail;
        blocks.Count += kept.Count - 1;
        blocks.Bytes -= excess;
    }

    /// <summary>Cuts an allocated block: what lies between start and last stays allocated.</summary>
    private void TrimBelow(int block, ulong start, ulong last, ref BlockList kept)
    {
        ref BlockNode node = ref Table[block];
        ulong size = SizeOf(node.Order);
        if (IsInside(node, start, last))
        {
            node.State = BlockState.Allocated;
            node.Right = 0;
            kept.Append(Table, block, size);
        }
        else if (!Overlaps(node, start, last))
        {
            // Its buddy is kept at least in part, so there is nothing to merge with.
            Volatile.Write(ref _avail, _avail + size);
            if (node.IsClear)
            {
                Volatile.Write(ref _clearAvail, _clearAvail + size);
            }

            InsertFree(block);
        }
        else
        {
            int left = Split(block);
            TrimBelow(left, start, last, ref kept);
            TrimBelow(left + 1, start, last, ref kept);
        }
    }
}
