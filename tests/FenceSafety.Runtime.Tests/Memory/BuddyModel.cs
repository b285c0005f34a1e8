using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Tests.Memory;

/// <summary>A naive oracle: what is allocated and what is really zero, chunk by chunk.</summary>
internal sealed class BuddyModel(int pages)
{
    public const ulong Page = 4096;

    private readonly bool[] _used = new bool[pages];
    private readonly bool[] _zero = new bool[pages];

    public int Pages => pages;

    public int Free => _used.Count(used => !used);

    public int FreeAndZero => Enumerable.Range(0, pages).Count(page => !_used[page] && _zero[page]);

    public bool IsUsed(int page) => _used[page];

    /// <summary>Marks a block as allocated; fails if any of it was, or if it is said to be zero and is not.</summary>
    public void Take(AllocatedBlock block)
    {
        foreach (int page in PagesOf(block))
        {
            Assert.False(_used[page], $"Page {page} is handed out twice.");
            Assert.True(!block.IsClear || _zero[page], $"Page {page} is said to be clear but is dirty.");
            _used[page] = true;
        }
    }

    public void Give(AllocatedBlock block, bool isClear)
    {
        foreach (int page in PagesOf(block))
        {
            Assert.True(_used[page], $"Page {page} is freed twice.");
            _used[page] = false;
            _zero[page] = isClear;
        }
    }

    public void ResetClear(bool isClear)
    {
        for (int page = 0; page < pages; page++)
        {
            _zero[page] = _used[page] ? _zero[page] : isClear;
        }
    }

    /// <summary>Whether all pages from start on are free.</summary>
    public bool IsFree(int start, int count) =>
        start >= 0 && start + count <= pages && Enumerable.Range(start, count).All(page => !_used[page]);

    /// <summary>The number of free aligned runs in a range.</summary>
    public int CountRuns(int start, int end, int count, int alignment) => Enumerable.Range(start, Math.Max(0, end - start))
        .Count(page => page % alignment == 0 && page + count <= end && IsFree(page, count));

    private static IEnumerable<int> PagesOf(AllocatedBlock block) =>
        Enumerable.Range((int)(block.Offset / Page), (int)(block.Size / Page));
}
