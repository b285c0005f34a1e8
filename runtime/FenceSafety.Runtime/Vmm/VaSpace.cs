namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>
/// Which virtual pages are taken: a treap of disjoint ranges, augmented with the largest gap of each subtree, so that reserving,
/// releasing and finding the lowest gap take expected O(log n) and no memory. The owner's lock protects it.
/// </summary>
internal sealed class VaSpace(ulong limit)
{
    private VaRange? _root;
    private ulong _seed = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Pages reserved.</summary>
    internal ulong ReservedPages { get; private set; }

    /// <summary>Ranges reserved.</summary>
    internal int Count { get; private set; }

    /// <summary>First page behind the space.</summary>
    internal ulong Limit => limit;

    /// <returns>Whether the range lies in the space and overlaps nothing.</returns>
    internal bool TryReserve(VaRange range, ulong first, ulong pages)
    {
        if (pages == 0 || pages > limit || first > limit - pages || Overlaps(first, first + pages))
            return false;
        range.First = first;
        range.Pages = pages;
        range.Left = range.Right = null;
        range.Priority = NextPriority();
        range.IsReserved = true;
        range.Update();
        _root = Insert(_root, range);
        ReservedPages += pages;
        Count++;
        return true;
    }

    internal void Release(VaRange range)
    {
        if (!range.IsReserved)
            return;
        _root = Remove(_root, range);
        range.IsReserved = false;
        range.Left = range.Right = null;
        ReservedPages -= range.Pages;
        Count--;
    }

    internal bool Overlaps(ulong first, ulong end)
    {
        VaRange? node = _root;
        while (node is not null)
        {
            if (end <= node.First)
                node = node.Left;
            else if (first >= node.End)
                node = node.Right;
            else
                return true;
        }

        return false;
    }

    /// <summary>The lowest free range of a size and alignment (in pages, a power of two).</summary>
    internal bool TryFindGap(ulong pages, ulong alignment, out ulong first) => Find(_root, 0, limit, pages, alignment, out first);

    /// <summary>For tests: the root of the tree.</summary>
    internal VaRange? Top => _root;

    /// <summary>The lowest range.</summary>
    internal VaRange? First() => AtOrAbove(0);

    /// <summary>The next range above one.</summary>
    internal VaRange? After(VaRange range) => AtOrAbove(range.End);

    private VaRange? AtOrAbove(ulong page)
    {
        VaRange? found = null;
        for (VaRange? node = _root; node is not null;)
        {
            if (node.First >= page)
            {
                found = node;
                node = node.Left;
            }
            else
            {
                node = node.Right;
            }
        }

        return found;
    }

    private static bool Find(VaRange? node, ulong low, ulong high, ulong pages, ulong alignment, out ulong first)
    {
        if (node is null)
        {
            first = low + (alignment - 1) & ~(alignment - 1);
            return first >= low && first <= high && high - first >= pages;
        }

        ulong largest = Math.Max(node.LargestGap, Math.Max(node.SubtreeFirst - low, high - node.SubtreeEnd));
        if (largest < pages)
        {
            first = 0;
            return false;
        }

        return Find(node.Left, low, node.First, pages, alignment, out first)
            || Find(node.Right, node.End, high, pages, alignment, out first);
    }

    private static VaRange Insert(VaRange? tree, VaRange range)
    {
        if (tree is null)
            return range;
        if (range.Priority > tree.Priority)
        {
            Split(tree, range.First, out range.Left, out range.Right);
            range.Update();
            return range;
        }

        if (range.First < tree.First)
            tree.Left = Insert(tree.Left, range);
        else
            tree.Right = Insert(tree.Right, range);
        tree.Update();
        return tree;
    }

    private static void Split(VaRange? tree, ulong at, out VaRange? below, out VaRange? above)
    {
        if (tree is null)
        {
            below = above = null;
            return;
        }

        if (tree.First < at)
        {
            Split(tree.Right, at, out tree.Right, out above);
            below = tree;
        }
        else
        {
            Split(tree.Left, at, out below, out tree.Left);
            above = tree;
        }

        tree.Update();
    }

    private static VaRange? Remove(VaRange? tree, VaRange range)
    {
        if (tree is null || ReferenceEquals(tree, range))
            return tree is null ? null : Merge(tree.Left, tree.Right);
        if (range.First < tree.First)
            tree.Left = Remove(tree.Left, range);
        else
            tree.Right = Remove(tree.Right, range);
        tree.Update();
        return tree;
    }

    private static VaRange? Merge(VaRange? below, VaRange? above)
    {
        if (below is null || above is null)
            return below ?? above;
        if (below.Priority > above.Priority)
        {
            below.Right = Merge(below.Right, above);
            below.Update();
            return below;
        }

        above.Left = Merge(below, above.Left);
        above.Update();
        return above;
    }

    private ulong NextPriority()
    {
        _seed ^= _seed << 13;
        _seed ^= _seed >> 7;
        _seed ^= _seed << 17;
        return _seed;
    }
}
