namespace FenceSafety.Runtime.Simulation;

/// <summary>
/// What the MMU remembers: translations by (root, 4 KiB page), and directory entries by (root, 2 MiB slot), both only if they were valid.
/// Without an invalidation they stay for ever, however the tables change: so a forgotten flush is seen.
/// </summary>
internal sealed class HardwareTlb
{
    private readonly object _gate = new();
    private readonly Dictionary<(ulong Root, ulong Page), Translation> _leaves = [];
    private readonly Dictionary<(ulong Root, ulong Slot), (ulong Low, ulong High)> _directories = [];

    internal int Count
    {
        get
        {
            lock (_gate)
                return _leaves.Count + _directories.Count;
        }
    }

    internal bool TryGetLeaf(ulong root, ulong page, out Translation translation)
    {
        lock (_gate)
            return _leaves.TryGetValue((root, page), out translation);
    }

    internal void AddLeaf(ulong root, ulong page, Translation translation)
    {
        lock (_gate)
            _leaves[(root, page)] = translation;
    }

    internal bool TryGetDirectory(ulong root, ulong slot, out ulong low, out ulong high)
    {
        lock (_gate)
        {
            bool found = _directories.TryGetValue((root, slot), out var entry);
            (low, high) = entry;
            return found;
        }
    }

    internal void AddDirectory(ulong root, ulong slot, ulong low, ulong high)
    {
        lock (_gate)
            _directories[(root, slot)] = (low, high);
    }

    /// <param name="root">Whose entries to drop; null for everyone's.</param>
    internal void Drop(ulong? root)
    {
        lock (_gate)
        {
            if (root is not { } one)
            {
                _leaves.Clear();
                _directories.Clear();
                return;
            }

            // Removing while enumerating is allowed, and takes nothing from the managed heap.
            foreach (var entry in _leaves)
            {
                if (entry.Key.Root == one)
                    _leaves.Remove(entry.Key);
            }

            foreach (var entry in _directories)
            {
                if (entry.Key.Root == one)
                    _directories.Remove(entry.Key);
            }
        }
    }
}
