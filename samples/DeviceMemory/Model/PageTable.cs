using FenceSafety;

namespace DeviceMemory.Model;

/// <summary>
/// What the CPU sees of the GPU's memory: each block is mapped by one entry, or, once it was split, by an entry for each page. An entry
/// holds a reference on every page that it maps.
/// </summary>
internal sealed class PageTable
{
    public const int PagesPerBlock = 8;

    private readonly Page[] _memory;
    private readonly BlockEntry[] _blocks;

    public PageTable(int blocks)
    {
        _memory = [.. Enumerable.Range(0, blocks * PagesPerBlock).Select(_ => new Page())];
        _blocks = [.. Enumerable.Range(0, blocks).Select(block => new BlockEntry(true, block * PagesPerBlock))];
        Pages = new Page?[_memory.Length];
    }

    /// <summary>Held while entries change.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The entries of split blocks.</summary>
    public Page?[] Pages { get; }

    public int UsesAfterFree => _memory.Sum(page => page.UsesAfterFree);

    /// <summary>Entries that map a page which nobody holds any more.</summary>
    public int DanglingEntries => Pages.Count(page => page is { IsFreed: true });

    /// <summary>Reads the entry of a block. Without the lock, it may be another one right after.</summary>
    [Snapshot]
    public BlockEntry Peek(int block) => _blocks[block];

    /// <summary>Replaces the entry of a block by entries for its pages, which take its references over.</summary>
    [RequiresLock(nameof(Gate))]
    public void Split(int block, [RequiresStable(nameof(Gate))] BlockEntry entry)
    {
        _blocks[block] = default;
        for (int i = 0; i < PagesPerBlock; i++)
            Pages[(block * PagesPerBlock) + i] = _memory[entry.FirstPage + i];
    }

    /// <summary>Removes the entry of a page that has moved, if it still is the one.</summary>
    public void Remove(int index, Page moved)
    {
        lock (Gate)
        {
            if (Pages[index] != moved)
                return;
            Pages[index] = null;
            moved.Put();
        }
    }

    /// <summary>Unmaps a block, as munmap does at any time on any thread.</summary>
    public void Zap(int block)
    {
        lock (Gate)
        {
            for (int i = block * PagesPerBlock; i < (block + 1) * PagesPerBlock; i++)
            {
                (_blocks[block].Present ? _memory[i] : Pages[i])?.Put();
                Pages[i] = null;
            }

            _blocks[block] = default;
        }
    }
}
