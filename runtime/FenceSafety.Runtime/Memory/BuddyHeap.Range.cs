namespace FenceSafety.Runtime.Memory;

internal sealed partial class BuddyHeap
{
    /// <summary>Takes the block of an order at the lowest aligned address within the request's range; 0 if there is none.</summary>
    private int TakeInRange(in BuddyRequest request, int order, ulong alignment)
    {
        ulong last = request.End - 1;

        // First what has the wanted contents, then anything: a lack of clear memory is no reason to fail.
        foreach (bool anyContents in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (int root in _roots)
            {
                int block = TakeBelow(root, request.Start, last, order, alignment, anyContents, request.WantsClear);
                if (block != 0)
                {
                    return block;
                }
            }
        }

        return 0;
    }

    /// <summary>
    /// Searches the subtree of one block, left half first, without going where nothing free is large enough. The depth is the number of
    /// orders.
    /// </summary>
    private int TakeBelow(int block, ulong start, ulong last, int order, ulong alignment, bool anyContents, bool wantClear)
    {
        Table.Steps++;
        ref BlockNode node = ref Table[block];
        int maxFree = anyContents ? Math.Max(node.MaxFreeDirty, node.MaxFreeClear) : wantClear ? node.MaxFreeClear : node.MaxFreeDirty;
        if (maxFree <= order || !TryClip(node, start, last, order, alignment, out ulong target))
        {
            return 0;
        }

        if (node.State == BlockState.Split)
        {
            int children = node.Children;
            int found = TakeBelow(children, start, last, order, alignment, anyContents, wantClear);
            return found != 0 ? found : TakeBelow(children + 1, start, last, order, alignment, anyContents, wantClear);
        }

        RemoveFree(block);
        while (Table[block].Order > order)
        {
            int left = Split(block);
            bool goRight = target >= Table[left + 1].Offset;
            InsertFree(goRight ? left : left + 1);
            block = goRight ? left + 1 : left;
        }

        return MarkAllocated(block);
    }

    /// <summary>Finds the first aligned place for a block of an order where a block and a range overlap.</summary>
    private bool TryClip(in BlockNode node, ulong start, ulong last, int order, ulong alignment, out ulong target)
    {
        ulong lowest = Math.Max(node.Offset, start);
        ulong highest = Math.Min(node.Offset + (SizeOf(node.Order) - 1), last);
        target = unchecked(lowest + alignment - 1) & ~(alignment - 1);
        return target >= lowest && target <= highest && highest - target >= SizeOf(order) - 1;
    }

    private bool TryAllocateExact(in BuddyRequest request, out BlockList blocks)
    {
        blocks = default;
        if (((request.Start | request.End) & (request.MinBlock - 1)) != 0)
        {
            throw new ArgumentException(
                $"The range [0x{request.Start:X}, 0x{request.End:X}) is to be taken whole, but is not aligned to the smallest block of "
                + $"0x{request.MinBlock:X} bytes.",
                "mode");
        }

        return TryTakeExact(request.Start, request.End - 1, ref blocks);
    }

    /// <summary>Takes every byte from start to last, as blocks of ascending offset, or nothing.</summary>
    private bool TryTakeExact(ulong start, ulong last, ref BlockList blocks)
    {
        foreach (int root in _roots)
        {
            if (FirstUsedBelow(root, start, last) != null)
            {
                return false;
            }
        }

        foreach (int root in _roots)
        {
            TakeAllBelow(root, start, last, ref blocks);
        }

        return true;
    }

    /// <summary>The first byte from start to last that is not free; null if all are.</summary>
    private ulong? FirstUsed(ulong start, ulong last)
    {
        foreach (int root in _roots)
        {
            if (FirstUsedBelow(root, start, last) is { } used)
            {
                return used;
            }
        }

        return null;
    }

    private ulong? FirstUsedBelow(int block, ulong start, ulong last)
    {
        ref BlockNode node = ref Table[block];
        if (!Overlaps(node, start, last) || node.State == BlockState.Free)
        {
            return null;
        }

        if (node.State == BlockState.Allocated)
        {
            return Math.Max(node.Offset, start);
        }

        int children = node.Children;
        return FirstUsedBelow(children, start, last) ?? FirstUsedBelow(children + 1, start, last);
    }

    private void TakeAllBelow(int block, ulong start, ulong last, ref BlockList blocks)
    {
        ref BlockNode node = ref Table[block];
        if (!Overlaps(node, start, last))
        {
            return;
        }

        if (node.State == BlockState.Free)
        {
            RemoveFree(block);
            if (IsInside(node, start, last))
            {
                blocks.Append(Table, MarkAllocated(block), SizeOf(node.Order));
                return;
            }

            int left = Split(block);
            InsertFree(left);
            InsertFree(left + 1);
        }

        int children = node.Children;
        TakeAllBelow(children, start, last, ref blocks);
        TakeAllBelow(children + 1, start, last, ref blocks);
    }

    private bool Overlaps(in BlockNode node, ulong start, ulong last) =>
        node.Offset <= last && node.Offset + (SizeOf(node.Order) - 1) >= start;

    private bool IsInside(in BlockNode node, ulong start, ulong last) =>
        node.Offset >= start && node.Offset + (SizeOf(node.Order) - 1) <= last;
}
