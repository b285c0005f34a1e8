using BenchmarkDotNet.Attributes;
using FenceSafety.Benchmarks.Harness;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>
/// A million random operations on a heap of 64 GiB, half of them allocations of 4 KiB to 256 KiB, half frees, with so many blocks live.
/// Beside it, as many removals from and additions to a balanced tree of the framework that has as many elements.
/// </summary>
[MemoryDiagnoser]
public class BuddyBenchmark : IBenchmark
{
    public const int Operations = 1_000_000;

    private BuddyLoad _load = null!;
    private TreeLoad _tree = null!;

    [Params(25_000, 50_000, 100_000, 200_000)]
    public int Live { get; set; } = 100_000;

    [GlobalSetup]
    public void Setup()
    {
        _load = new BuddyLoad(Live);
        _tree = new TreeLoad(Live);
    }

    [Benchmark]
    public void AllocateAndFree() => _load.Run(Operations);

    [Benchmark(Baseline = true)]
    public void RemoveFromAndAddToATree() => _tree.Run(Operations);

    public IEnumerable<Pair> Pairs()
    {
        for (int live = 25_000; live <= 200_000; live *= 2)
        {
            using var load = new BuddyLoad(live);
            var tree = new TreeLoad(live);
            yield return new Pair(
                new Side($"buddy, 1,000,000 operations, {live:N0} blocks live", () => load.Run(Operations)),
                new Side($"SortedSet, {live:N0} elements", () => tree.Run(Operations)));
        }

        using var half = new BuddyLoad(100_000);
        using var twice = new BuddyLoad(200_000);
        yield return new Pair(
            new Side("buddy, 200,000 blocks live", () => twice.Run(Operations)),
            new Side("buddy, 100,000 blocks live", () => half.Run(Operations)));
    }

    public void Check(Counts counts)
    {
        long before = 0;
        for (int live = 25_000; live <= 200_000; live *= 2)
        {
            using var load = new BuddyLoad(live);
            load.Run(Operations);
            long start = load.Steps;
            counts.Equal($"{live:N0} live: managed bytes", 0, Counts.AllocatedBytes(() => load.Run(Operations)));
            long steps = (load.Steps - start) / 2;
            counts.Equal($"{live:N0} live: blocks live afterwards", live, load.CountLive());

            // Of a tree of n nodes at most 1.45 log2 n are visited; an operation goes through a few trees.
            counts.AtMost($"{live:N0} live: tree nodes visited", (long)(6 * Operations * Math.Log2(live)), steps);
            if (before != 0)
                counts.AtMost($"{live:N0} live: of those with half as many, in percent", 125, steps * 100 / before);
            before = steps;
        }
    }

    [GlobalCleanup]
    public void Dispose() => _load.Dispose();
}
