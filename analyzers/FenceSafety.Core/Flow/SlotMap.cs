namespace FenceSafety.Core.Flow;

/// <summary>
/// The values of slots, as a persistent Patricia trie over the bits of the slot (Okasaki and Gill, Fast mergeable integer maps, 1998).
/// States that meet have most of their past in common: what they share is recognised by reference, so that joining and comparing them
/// costs what differs, and not what a long method has assigned before.
/// </summary>
public sealed class SlotMap
{
    public static readonly SlotMap Empty = new(null);

    readonly Node? _root;

    SlotMap(Node? root) => _root = root;

    /// <summary>A leaf if <see cref="Bit"/> is 0; else keys whose lower bits are <see cref="Key"/>, parted by that bit.</summary>
    sealed class Node(uint key, uint bit, RefSet value, Node? zero, Node? one)
    {
        public readonly uint Key = key;
        public readonly uint Bit = bit;
        public readonly RefSet Value = value;
        public readonly Node? Zero = zero;
        public readonly Node? One = one;

        public bool Matches(uint key) => (key & (Bit - 1)) == Key;
    }

    public bool TryGetValue(int slot, out RefSet value)
    {
        uint key = unchecked((uint)slot);
        var at = _root;
        while (at is { Bit: not 0 })
            at = (key & at.Bit) == 0 ? at.Zero : at.One;
        bool found = at is not null && at.Key == key;
        value = found ? at!.Value : RefSet.Empty;
        return found;
    }

    public bool ContainsKey(int slot) => TryGetValue(slot, out _);

    public SlotMap SetItem(int slot, RefSet value) => Of(Insert(_root, new Node(unchecked((uint)slot), 0, value, null, null), union: false));

    /// <summary>Every slot of either, with what it may be in either.</summary>
    public SlotMap Union(SlotMap other) => Of(Merge(_root, other._root));

    public bool SameAs(SlotMap other) => Same(_root, other._root);

    /// <summary>Every slot that has a value, in no order that means anything.</summary>
    public IEnumerable<(int Slot, RefSet Value)> All
    {
        get
        {
            var work = new Stack<Node>();
            for (var at = _root; at is not null; at = work.Count > 0 ? work.Pop() : null)
            {
                if (at.Bit == 0)
                {
                    yield return (unchecked((int)at.Key), at.Value);
                    continue;
                }
                work.Push(at.One!);
                work.Push(at.Zero!);
            }
        }
    }

    SlotMap Of(Node? root) => ReferenceEquals(root, _root) ? this : new SlotMap(root);

    // The recursions below go one bit deeper each time: 32 levels at most.

    static Node Insert(Node? at, Node leaf, bool union)
    {
        if (at is null)
            return leaf;
        if (at.Bit == 0)
        {
            if (at.Key != leaf.Key)
                return Join(at, leaf);
            var value = union ? at.Value.Union(leaf.Value) : leaf.Value;
            return value.Equals(at.Value) ? at : value.Equals(leaf.Value) ? leaf : new Node(leaf.Key, 0, value, null, null);
        }
        if (!at.Matches(leaf.Key))
            return Join(at, leaf);
        return (leaf.Key & at.Bit) == 0
            ? With(at, Insert(at.Zero, leaf, union), at.One)
            : With(at, at.Zero, Insert(at.One, leaf, union));
    }

    static Node? Merge(Node? a, Node? b)
    {
        if (ReferenceEquals(a, b) || b is null)
            return a;
        if (a is null)
            return b;
        if (b.Bit == 0)
            return Insert(a, b, union: true);
        if (a.Bit == 0)
            return Insert(b, a, union: true);
        if (a.Bit == b.Bit && a.Key == b.Key)
            return With(a, Merge(a.Zero, b.Zero), Merge(a.One, b.One));
        if (a.Bit < b.Bit && a.Matches(b.Key))
            return (b.Key & a.Bit) == 0 ? With(a, Merge(a.Zero, b), a.One) : With(a, a.Zero, Merge(a.One, b));
        if (b.Bit < a.Bit && b.Matches(a.Key))
            return (a.Key & b.Bit) == 0 ? With(b, Merge(a, b.Zero), b.One) : With(b, b.Zero, Merge(a, b.One));
        return Join(a, b);
    }

    static Node With(Node at, Node? zero, Node? one) =>
        ReferenceEquals(zero, at.Zero) && ReferenceEquals(one, at.One) ? at : new Node(at.Key, at.Bit, default, zero, one);

    /// <summary>A node over two that have no key in common.</summary>
    static Node Join(Node a, Node b)
    {
        uint differ = a.Key ^ b.Key;
        uint bit = differ & (~differ + 1);
        return (a.Key & bit) == 0
            ? new Node(a.Key & (bit - 1), bit, default, a, b)
            : new Node(a.Key & (bit - 1), bit, default, b, a);
    }

    /// <summary>Equal maps are equal tries: the shape depends on the keys alone.</summary>
    static bool Same(Node? a, Node? b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a is null || b is null || a.Key != b.Key || a.Bit != b.Bit)
            return false;
        return a.Bit == 0 ? a.Value.Equals(b.Value) : Same(a.Zero, b.Zero) && Same(a.One, b.One);
    }
}
