using FenceSafety;

namespace DeviceMemory.Model;

/// <summary>
/// What the CPU sees of the device's memory: a block is one leaf, or a table of pages. An entry of a page holds a reference on it.
/// </summary>
internal sealed class PageTable
{
    public const int PagesPerBlock = 8;

    private readonly List<Page> _memory = [];
    private readonly BlockEntry[] _blocks;
    private int _generation;

    public PageTable(int blocks)
    {
        _blocks = new BlockEntry[blocks];
        Pages = new Page?[blocks * PagesPerBlock];
    }

    /// <summary>Held while entries change.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The entries of tables; those of pages that the device uses alone are here as well.</summary>
    public Page?[] Pages { get; }

    /// <summary>How often somebody went into a table that was none: in a kernel, device memory that is taken for entries.</summary>
    public int LeavesTakenForTables { get; private set; }

    public int UsesAfterFree => _memory.Sum(page => page.UsesAfterFree);

    /// <summary>Reads an entry. Without the lock, it may be another one right after.</summary>
    [Snapshot]
    public BlockEntry Peek(int block) => _blocks[block];

    /// <summary>Maps a block by one leaf, as the first touch does.</summary>
    public void Fault(int block)
    {
        lock (Gate)
            _blocks[block] = new BlockEntry(EntryKind.Leaf, ++_generation);
    }

    /// <summary>Replaces a leaf by a table.</summary>
    public void Split(int block)
    {
        lock (Gate)
        {
            if (_blocks[block].Kind != EntryKind.Leaf)
                return;
            _blocks[block] = new BlockEntry(EntryKind.Table, ++_generation);
            for (int i = block * PagesPerBlock; i < (block + 1) * PagesPerBlock; i++)
                _memory.Add(Pages[i] = new Page());
        }
    }

    /// <summary>Unmaps a block, whatever maps it.</summary>
    public void Zap(int block)
    {
        lock (Gate)
        {
            _blocks[block] = default;
            for (int i = block * PagesPerBlock; i < (block + 1) * PagesPerBlock; i++)
                Clear(i);
        }
    }

    /// <summary>Counts the pages of a block that <paramref name="table"/> maps.</summary>
    [RequiresLock(nameof(Gate))]
    public int Descend(int block, [RequiresStable(nameof(Gate))] BlockEntry table)
    {
        if (_blocks[block].Kind != EntryKind.Table || table.Kind == EntryKind.None)
            LeavesTakenForTables++;
        return Pages.Skip(block * PagesPerBlock).Take(PagesPerBlock).Count(page => page is not null);
    }

    /// <summary>Gives a page back to the CPU, if the entry is still there.</summary>
    public void RemoveExclusive(int index, Page expected)
    {
        lock (Gate)
        {
            if (Pages[index] == expected)
                Clear(index);
        }
    }

    private void Clear(int index)
    {
        Pages[index]?.Put();
        Pages[index] = null;
    }
}
