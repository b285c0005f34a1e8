namespace FenceSafety.Runtime.Memory;

internal sealed partial class BuddyHeap
{
    /// <summary>Forgets or declares that all free memory is zero, and makes blocks whole that only their contents kept apart.</summary>
    public void ResetClear(bool isClear)
    {
        MergeAll();
        Array.Clear(_freeRoots);
        Array.Clear(_nonEmpty);
        foreach (int root in _roots)
        {
            InsertAllFree(root, isClear);
        }

        Volatile.Write(ref _clearAvail, isClear ? _avail : 0);
    }

    /// <summary>Merges every pair of free buddies, whatever their contents.</summary>
    public void MergeAll() => ForceMerge(0, Size - 1, MaxOrder + 1);

    /// <summary>
    /// Merges free buddies of different contents, up to blocks of an order, within a range of addresses. The result counts as dirty.
    /// </summary>
    private void ForceMerge(ulong start, ulong last, int order)
    {
        foreach (int root in _roots)
        {
            ForceMergeBelow(root, start, last, order);
        }
    }

    private void ForceMergeBelow(int block, ulong start, ulong last, int order)
    {
        ref BlockNode node = ref Table[block];
        if (node.State != BlockState.Split || !Overlaps(node, start, last))
        {
            return;
        }

        int left = node.Children;
        int right = left + 1;
        ForceMergeBelow(left, start, last, order);
        ForceMergeBelow(right, start, last, order);
        ref BlockNode a = ref Table[left];
        ref BlockNode b = ref Table[right];
        if (a.State != BlockState.Free || b.State != BlockState.Free)
        {
            return;
        }

        // Equals always merge, or a merge below would leave buddies of the same contents side by side.
        bool isForced = a.IsClear != b.IsClear;
        if (isForced && (node.Order > order || !IsInside(node, start, last)))
        {
            return;
        }

        bool isClear = a.IsClear && b.IsClear;
        RemoveFree(left);
        RemoveFree(right);
        if (isForced)
        {
            Volatile.Write(ref _clearAvail, _clearAvail - SizeOf(a.Order));
        }

        Unsplit(block, isClear);
        InsertFree(block);
    }

    private void InsertAllFree(int block, bool isClear)
    {
        ref BlockNode node = ref Table[block];
        if (node.State == BlockState.Split)
        {
            int children = node.Children;
            InsertAllFree(children, isClear);
            InsertAllFree(children + 1, isClear);
        }
        else if (node.State == BlockState.Free)
        {
            node.IsClear = isClear;
            InsertFree(block);
        }
    }
}
