using BenchmarkDotNet.Attributes;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Runtime.Memory;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>
/// The kernel's slow case: 65,536 blocks of 8 KiB, each at a multiple of 64 KiB, fill a heap of 4 GiB, are freed alternately clean
/// and dirty, so that they do not merge, and then the heap is wanted in blocks of 64 KiB. Beside it, as many blocks of 64 KiB on a heap
/// that is not fragmented.
/// </summary>
[MemoryDiagnoser]
public class BuddyFragmentationBenchmark : IBenchmark
{
    private const int Count = 65_536;
    private const ulong HeapBytes = 4UL << 30;
    private const ulong Small = 8 << 10;
    private const ulong Large = 64 << 10;

    private readonly AllocatedBlocks[] _blocks = new AllocatedBlocks[Count];
    private GpuBuddy _fragmented = null!;
    private GpuBuddy _whole = null!;

    [GlobalSetup]
    public void Setup()
    {
        _fragmented = new GpuBuddy(new GpuBuddyParams(0, HeapBytes));
        _whole = new GpuBuddy(new GpuBuddyParams(0, HeapBytes));
    }

    [Benchmark]
    public void Fragmented()
    {
        Take(_fragmented, Small);
        for (int i = 0; i < Count; i++)
            _fragmented.Free(_blocks[i], i % 4 is 0 or 3 ? GpuBuddyFreeFlags.Cleared : GpuBuddyFreeFlags.None);
        Take(_fragmented, Large);
        Give(_fragmented);
    }

    [Benchmark(Baseline = true)]
    public void Whole()
    {
        for (int round = 0; round < 2; round++)
        {
            Take(_whole, Large);
            Give(_whole);
        }
    }

    public IEnumerable<Pair> Pairs() =>
    [
        new Pair(
            new Side("buddy, 65,536 blocks of 8 KiB at 64 KiB, then of 64 KiB", Fragmented),
            new Side("twice 65,536 blocks of 64 KiB, unfragmented", Whole)),
    ];

    public void Check(Counts counts)
    {
        Fragmented();
        long before = _fragmented.Heap.Table.Steps;
        Fragmented();
        counts.AtMost("tree nodes visited", 4 * 6L * Count * 16, _fragmented.Heap.Table.Steps - before);
        counts.Equal("managed bytes", 0, Counts.AllocatedBytes(Fragmented));
        counts.Equal("bytes lost", 0, (long)(_fragmented.Size - _fragmented.Avail));

        Take(_fragmented, Small);
        counts.True("no room for one more at 64 KiB", !_fragmented.TryAllocBlocks(default, Small, Large, default, out _));
        Give(_fragmented);
        using AllocatedBlocks all = _fragmented.AllocBlocks(default, HeapBytes, flags: GpuBuddyAllocFlags.Contiguous);
        counts.Equal("blocks that the whole heap consists of afterwards", 1, all.Count);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _fragmented.Dispose();
        _whole.Dispose();
    }

    private void Take(GpuBuddy buddy, ulong size)
    {
        for (int i = 0; i < Count; i++)
            _blocks[i] = buddy.AllocBlocks(GpuBuddyAllocMode.Simple, size, Large);
    }

    private void Give(GpuBuddy buddy)
    {
        for (int i = 0; i < Count; i++)
            buddy.Free(_blocks[i]);
    }
}
