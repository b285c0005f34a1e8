namespace FenceSafety.Benchmarks.Harness;

/// <summary>
/// A benchmark class, which BenchmarkDotNet runs by its attributes and the other two modes by this. All public classes that implement it
/// and have a constructor without parameters are found.
/// </summary>
public interface IBenchmark : IDisposable
{
    /// <summary>Sets up what all bodies share; also BenchmarkDotNet's global setup.</summary>
    void Setup();

    /// <summary>What is measured, each beside its baseline. After <see cref="Setup"/>.</summary>
    IEnumerable<Pair> Pairs();

    /// <summary>Runs each body and says what it counted: the same on every machine. After <see cref="Setup"/>.</summary>
    void Check(Counts counts);
}
