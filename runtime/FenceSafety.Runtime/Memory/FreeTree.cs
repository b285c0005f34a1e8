namespace FenceSafety.Runtime.Memory;

/// <summary>
/// A set of free blocks sorted by offset: an AVL tree inside the block metadata, each node augmented with the greatest alignment of an
/// offset below it, so that an aligned block is found in O(log n). The tree is named by the index of its root; 0 is the empty tree.
/// </summary>
internal readonly struct FreeTree(BlockTable table)
{
    /// <summary>Adds a node.</summary>
    /// <returns>The new root.</returns>
    public int Insert(int root, int node)
    {
        table.Steps++;
        if (root == 0)
        {
            ref BlockNode added = ref table[node];
            added.Left = 0;
            added.Right = 0;
            Update(ref added);
            return node;
        }

        ref BlockNode at = ref table[root];
        if (table[node].Offset < at.Offset)
        {
            at.Left = Insert(at.Left, node);
        }
        else
        {
            at.Right = Insert(at.Right, node);
        }

        return Balance(root);
    }

    /// <summary>Removes a node that is in the tree.</summary>
    /// <returns>The new root.</returns>
    public int Remove(int root, int node)
    {
        table.Steps++;
        ref BlockNode at = ref table[root];
        if (root == node)
        {
            if (at.Left == 0 || at.Right == 0)
            {
                return at.Left | at.Right;
            }

            int successor = at.Right;
            while (table[successor].Left != 0)
            {
                successor = table[successor].Left;
            }

            int right = Remove(at.Right, successor);
            ref BlockNode next = ref table[successor];
            next.Right = right;
            next.Left = at.Left;
            return Balance(successor);
        }

        if (table[node].Offset < at.Offset)
        {
            at.Left = Remove(at.Left, node);
        }
        else
        {
            at.Right = Remove(at.Right, node);
        }

        return Balance(root);
    }

    /// <summary>The node of the highest offset; 0 if the tree is empty.</summary>
    public int Last(int root)
    {
        while (root != 0 && table[root].Right != 0)
        {
            root = table[root].Right;
        }

        return root;
    }

    /// <summary>The node of the highest offset with at least so many zero bits at its end; 0 if there is none.</summary>
    public int LastAligned(int root, int alignment)
    {
        while (root != 0)
        {
            ref BlockNode at = ref table[root];
            if (at.Right != 0 && table[at.Right].MaxAlignment >= alignment)
            {
                root = at.Right;
            }
            else if (at.Alignment >= alignment)
            {
                return root;
            }
            else
            {
                root = at.Left != 0 && table[at.Left].MaxAlignment >= alignment ? at.Left : 0;
            }
        }

        return 0;
    }

    /// <summary>The node of the highest offset below a given one; 0 if there is none.</summary>
    public int LastBelow(int root, ulong offset)
    {
        int found = 0;
        while (root != 0)
        {
            ref BlockNode at = ref table[root];
            if (at.Offset < offset)
            {
                found = root;
                root = at.Right;
            }
            else
            {
                root = at.Left;
            }
        }

        return found;
    }

    private int HeightOf(int root) => root == 0 ? 0 : table[root].Height;

    private int MaxAlignmentOf(int root) => root == 0 ? 0 : table[root].MaxAlignment;

    private void Update(ref BlockNode at)
    {
        at.Height = (byte)(1 + Math.Max(HeightOf(at.Left), HeightOf(at.Right)));
        at.MaxAlignment = (byte)Math.Max(at.Alignment, Math.Max(MaxAlignmentOf(at.Left), MaxAlignmentOf(at.Right)));
    }

    private int Balance(int root)
    {
        ref BlockNode at = ref table[root];
        int lean = HeightOf(at.Left) - HeightOf(at.Right);
        if (lean > 1)
        {
            ref BlockNode left = ref table[at.Left];
            if (HeightOf(left.Left) < HeightOf(left.Right))
            {
                at.Left = RotateLeft(at.Left);
            }

            return RotateRight(root);
        }

        if (lean < -1)
        {
            ref BlockNode right = ref table[at.Right];
            if (HeightOf(right.Right) < HeightOf(right.Left))
            {
                at.Right = RotateRight(at.Right);
            }

            return RotateLeft(root);
        }

        Update(ref at);
        return root;
    }

    private int RotateLeft(int root)
    {
        ref BlockNode at = ref table[root];
        int top = at.Right;
        ref BlockNode raised = ref table[top];
        at.Right = raised.Left;
        raised.Left = root;
        Update(ref at);
        Update(ref raised);
        return top;
    }

    private int RotateRight(int root)
    {
        ref BlockNode at = ref table[root];
        int top = at.Left;
        ref BlockNode raised = ref table[top];
        at.Left = raised.Right;
        raised.Right = root;
        Update(ref at);
        Update(ref raised);
        return top;
    }
}
