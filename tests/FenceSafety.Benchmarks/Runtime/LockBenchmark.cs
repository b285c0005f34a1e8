using BenchmarkDotNet.Attributes;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Runtime.Locking;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>Locks that nobody contends for, lockdep off. Beside them, the framework's.</summary>
[MemoryDiagnoser]
public class LockBenchmark : IBenchmark
{
    private const int Rounds = 10_000;

    private readonly SleepingMutex _mutex = new("benchmark.mutex");
    private readonly RawSpinLock _spin = new("benchmark.spin");
    private readonly Lock _lock = new();
    private SpinLock _frameworkSpin = new(enableThreadOwnerTracking: false);

    public void Setup()
    {
    }

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void SleepingMutex()
    {
        for (int i = 0; i < Rounds; i++)
        {
            using SleepingMutex.Guard guard = _mutex.Lock();
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rounds)]
    public void FrameworkLock()
    {
        for (int i = 0; i < Rounds; i++)
        {
            lock (_lock)
            {
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void RawSpinLock()
    {
        for (int i = 0; i < Rounds; i++)
        {
            using RawSpinLock.Guard guard = _spin.Lock();
        }
    }

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void FrameworkSpinLock()
    {
        for (int i = 0; i < Rounds; i++)
        {
            bool taken = false;
            _frameworkSpin.Enter(ref taken);
            _frameworkSpin.Exit(useMemoryBarrier: true);
        }
    }

    public IEnumerable<Pair> Pairs() =>
    [
        new Pair(new Side("SleepingMutex, 10,000 times, lockdep off", SleepingMutex), new Side("System.Threading.Lock", FrameworkLock)),
        new Pair(new Side("RawSpinLock, 10,000 times, lockdep off", RawSpinLock), new Side("System.Threading.SpinLock", FrameworkSpinLock)),
    ];

    public void Check(Counts counts)
    {
        counts.Equal("mutex: managed bytes", 0, Counts.AllocatedBytes(SleepingMutex));
        counts.Equal("spin lock: managed bytes", 0, Counts.AllocatedBytes(RawSpinLock));
        LockPaths.Check(counts);
    }

    public void Dispose()
    {
    }
}
