using BenchmarkDotNet.Attributes;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>
/// Mapping 2 GiB, linking of the tables included. The memory of the tables is warm: prepare has just zeroed them. Beside it, encoding the
/// same frames into an array, and copying as many entries.
/// </summary>
// One invocation needs a fresh mapping; so many iterations, for the compiler to have optimised all of it before they count.
[MemoryDiagnoser, InvocationCount(1, 1), WarmupCount(200), IterationCount(50)]
public class ExecuteMapBenchmark : IBenchmark
{
    private readonly ulong[] _entries = new ulong[MapScene.Pages];
    private readonly ulong[] _copy = new ulong[MapScene.Pages];
    private MapScene _scene = null!;
    private PreparedMapping? _job;
    private MappedRange? _range;

    [GlobalSetup]
    public void Setup() => _scene = new MapScene();

    [IterationSetup(Targets = [nameof(Scattered), nameof(Contiguous)])]
    public void Prepare() => _job = _scene.Prepare();

    [IterationCleanup(Targets = [nameof(Scattered), nameof(Contiguous)])]
    public void Clear() => _scene.Clear(_range);

    [Benchmark]
    public void Scattered() => _range = _scene.Execute(_job!, _scene.Scattered);

    [Benchmark]
    public void Contiguous() => _range = _scene.Execute(_job!, _scene.Contiguous);

    [Benchmark(Baseline = true)]
    public void EncodeIntoAnArray() => MapScene.Encode(_scene.Scattered, _entries);

    [Benchmark]
    public void CopyAsManyEntries() => _entries.AsSpan().CopyTo(_copy);

    public IEnumerable<Pair> Pairs()
    {
        var scattered = new Side("ExecuteMap, 524,288 scattered pages", Scattered, Prepare, Clear);
        var contiguous = new Side("ExecuteMap, the same pages contiguous (2 MiB entries)", Contiguous, Prepare, Clear);
        var encode = new Side("encode them into an array", EncodeIntoAnArray);
        var copy = new Side("Span.CopyTo of 524,288 entries", CopyAsManyEntries);
        return [new Pair(scattered, encode, Goal: 3), new Pair(scattered, copy), new Pair(contiguous, encode)];
    }

    public void Check(Counts counts)
    {
        // One word for each page, and one for each table that is linked: those of big pages are not.
        DeviceCost cost = Cost(Scattered);
        counts.Equal("scattered: words written", MapScene.Pages + 1024 + 4 + 2, cost.WordsWritten);
        counts.Equal("scattered: TLB invalidations", 1, cost.Flushes);
        counts.Equal("scattered: register writes beside window moves", 3, cost.RegisterWrites - cost.WindowMoves);
        counts.AtMost("scattered: window moves", 2 * 1024 + 8, cost.WindowMoves);
        counts.Equal("scattered: managed bytes", 0, Counts.AllocatedBytes(Scattered, Prepare, Clear));
        Prepare();
        Scattered();
        counts.Equal("scattered: pages that the GPU sees where they are", MapScene.Pages, Seen(_scene.Scattered, 1UL << 12));
        Clear();

        cost = Cost(Contiguous);
        counts.Equal("contiguous: words written", 1024 + 4 + 2, cost.WordsWritten);
        counts.Equal("contiguous: TLB invalidations", 1, cost.Flushes);
        counts.Equal("contiguous: managed bytes", 0, Counts.AllocatedBytes(Contiguous, Prepare, Clear));
        Prepare();
        Contiguous();
        counts.Equal("contiguous: pages that the GPU sees where they are", MapScene.Pages, Seen(_scene.Contiguous, 1UL << 21));
        Clear();
    }

    [GlobalCleanup]
    public void Dispose() => _scene.Dispose();

    private DeviceCost Cost(Action body)
    {
        Prepare();
        DeviceCost cost = DeviceCost.Of(_scene.Gpu, body);
        Clear();
        return cost;
    }

    private int Seen(Pfn[] frames, ulong pageSize)
    {
        int seen = 0;
        for (int i = 0; i < frames.Length; i++)
        {
            ulong address = MapScene.Start.Raw + (ulong)i * MmuLayout.PageBytes;
            var page = _scene.Gpu.Mmu.TranslateUncached(_scene.Vmm.Root.Raw, address, write: true);
            if (page.IsMapped && page.Physical == frames[i].Address.Raw && page.PageSize == pageSize)
                seen++;
        }

        return seen;
    }
}
