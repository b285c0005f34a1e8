using BenchmarkDotNet.Attributes;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>Preparing the mapping of 2 GiB. Beside it, zeroing as many tables through the device's aperture, and nothing else.</summary>
// One invocation needs a fresh mapping; so many iterations, for the compiler to have optimised all of it before they count.
[MemoryDiagnoser, InvocationCount(1, 1), WarmupCount(200), IterationCount(50)]
public class PrepareMapBenchmark : IBenchmark
{
    private const uint WindowRegister = 0x1700;
    private const uint Aperture = 0x70_0000;
    private const int WordsPerTable = 512;

    private readonly VramFrame[] _tables = new VramFrame[MapScene.Tables];
    private MapScene _scene = null!;

    // The baseline has a device of its own, as the driver would not notice that somebody else moves its window.
    private SimulatedGpu _other = null!;
    private PreparedMapping? _job;

    [GlobalSetup]
    public void Setup()
    {
        _scene = new MapScene();
        _other = new SimulatedGpu(_scene.Gpu.Architecture, _scene.Gpu.VramSize);

        // The frames that prepare will get as well, once they are given back.
        _scene.Frames.AllocateFrames(_tables);
        _scene.Frames.FreeFrames(_tables);
    }

    [IterationCleanup(Target = nameof(Prepare))]
    public void Drop() => _job!.Dispose();

    [Benchmark]
    public void Prepare() => _job = _scene.Prepare();

    [Benchmark(Baseline = true)]
    public void ZeroAsManyTables()
    {
        ulong window = ulong.MaxValue;
        foreach (VramFrame table in _tables)
        {
            ulong start = table.Address.Raw & ~0xF_FFFFUL;
            if (start != window && !_other.TryWriteRegister(WindowRegister, (uint)(start >> 16)))
                throw new InvalidOperationException("The window cannot be moved.");
            window = start;
            if (_other.FillAperture64(Aperture + (uint)(table.Address.Raw - start), WordsPerTable, 0) != WordsPerTable)
                throw new InvalidOperationException($"{table.Address} cannot be zeroed.");
        }
    }

    public IEnumerable<Pair> Pairs() =>
    [
        new Pair(
            new Side($"PrepareMap, 524,288 pages ({MapScene.Tables:N0} tables)", Prepare, After: Drop),
            new Side("zero as many tables", ZeroAsManyTables),
            Goal: 3),
    ];

    public void Check(Counts counts)
    {
        DeviceCost cost = DeviceCost.Of(_scene.Gpu, Prepare);
        counts.Equal("tables", MapScene.Tables, _job!.TableCount);
        counts.Equal("words written", (long)MapScene.Tables * WordsPerTable, cost.WordsWritten);
        counts.Equal("TLB invalidations", 0, cost.Flushes);
        counts.AtMost("window moves", MapScene.Tables / 128, cost.WindowMoves);
        Drop();

        DeviceCost small = DeviceCost.Of(_scene.Gpu, () => _scene.Vmm.PrepareMap(1, new MapOptions { Address = MapScene.Start }).Dispose());
        counts.Equal("words written for one page", 5 * WordsPerTable, small.WordsWritten);

        // In tables, not pages: objects of a table and its directory's slots, but nothing for each of the 524,288 pages.
        counts.AtMost("managed bytes", MapScene.Tables * 256, Counts.AllocatedBytes(Prepare, after: Drop));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _scene.Dispose();
        _other.Dispose();
    }
}
