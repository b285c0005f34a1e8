using FenceSafety.Runtime.Memory;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>A heap of 64 GiB in use: in steady state, each free of a random block is followed by an allocation of a random size.</summary>
internal sealed class BuddyLoad : IDisposable
{
    private const ulong HeapBytes = 64UL << 30;
    private const int Orders = 7;

    private readonly Random _random = new(7);
    private readonly GpuBuddy _buddy = new(new GpuBuddyParams(0, HeapBytes));
    private readonly AllocatedBlocks[] _blocks;

    public BuddyLoad(int live)
    {
        _blocks = new AllocatedBlocks[live];
        for (int i = 0; i < live; i++)
            _blocks[i] = Allocate();

        // From a heap filled in one go to one that has aged.
        Run(4 * live);
    }

    /// <summary>Tree nodes visited so far.</summary>
    public long Steps => _buddy.Heap.Table.Steps;

    public void Run(int operations)
    {
        for (int i = 0; i < operations / 2; i++)
        {
            ref AllocatedBlocks block = ref _blocks[_random.Next(_blocks.Length)];
            _buddy.Free(block);
            block = Allocate();
        }
    }

    public int CountLive() => _blocks.Count(block => block.IsLive);

    public void Dispose()
    {
        foreach (AllocatedBlocks block in _blocks)
            _buddy.Free(block);
        _buddy.Dispose();
    }

    private AllocatedBlocks Allocate() => _buddy.AllocBlocks(GpuBuddyAllocMode.Simple, _buddy.ChunkSize << _random.Next(Orders));
}
