using BenchmarkDotNet.Attributes;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>Unmapping 2 GiB. Beside it, encoding the same frames into an array.</summary>
// One invocation needs a fresh mapping; so many iterations, for the compiler to have optimised all of it before they count.
[MemoryDiagnoser, InvocationCount(1, 1), WarmupCount(200), IterationCount(50)]
public class UnmapPagesBenchmark : IBenchmark
{
    private readonly ulong[] _entries = new ulong[MapScene.Pages];
    private MapScene _scene = null!;
    private MappedRange? _range;

    [GlobalSetup]
    public void Setup() => _scene = new MapScene();

    [IterationSetup(Target = nameof(Scattered))]
    public void MapScattered() => _range = _scene.Map(_scene.Scattered);

    [IterationSetup(Target = nameof(Contiguous))]
    public void MapContiguous() => _range = _scene.Map(_scene.Contiguous);

    [IterationCleanup(Targets = [nameof(Scattered), nameof(Contiguous)])]
    public void Clear() => _scene.Clear(_range);

    [Benchmark]
    public void Scattered() => _scene.Vmm.UnmapPages(_range!);

    [Benchmark]
    public void Contiguous() => _scene.Vmm.UnmapPages(_range!);

    [Benchmark(Baseline = true)]
    public void EncodeIntoAnArray() => MapScene.Encode(_scene.Scattered, _entries);

    public IEnumerable<Pair> Pairs()
    {
        var encode = new Side("encode them into an array", EncodeIntoAnArray);
        return
        [
            new Pair(new Side("UnmapPages, 524,288 scattered pages", Scattered, MapScattered, Clear), encode, Goal: 3),
            new Pair(new Side("UnmapPages, the same pages contiguous (2 MiB entries)", Contiguous, MapContiguous, Clear), encode),
        ];
    }

    public void Check(Counts counts)
    {
        Check(counts, "scattered", Scattered, MapScattered, MapScene.Pages);
        Check(counts, "contiguous", Contiguous, MapContiguous, 1024);
    }

    [GlobalCleanup]
    public void Dispose() => _scene.Dispose();

    private void Check(Counts counts, string name, Action unmap, Action map, int entries)
    {
        map();
        DeviceCost cost = DeviceCost.Of(_scene.Gpu, unmap);
        counts.Equal($"{name}: words written", entries, cost.WordsWritten);
        counts.Equal($"{name}: TLB invalidations", 1, cost.Flushes);
        counts.Equal($"{name}: register writes beside window moves", 3, cost.RegisterWrites - cost.WindowMoves);
        counts.AtMost($"{name}: window moves", 2 * 1024 + 8, cost.WindowMoves);
        Clear();
        counts.Equal($"{name}: managed bytes", 0, Counts.AllocatedBytes(unmap, map, Clear));
    }
}
