using System.Diagnostics;

namespace FenceSafety.Benchmarks.Harness;

/// <summary>The times of a pair. Ratios are taken within each turn, so that a machine that slows down slows both.</summary>
internal sealed class PairResult
{
    private const int WarmUps = 5;

    // The just-in-time compiler optimises what was called often, but waits until nothing new has been called for a while.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1.5);

    private readonly double[] _measured;
    private readonly double[] _baseline;
    private readonly double[] _ratios;

    private PairResult(int count)
    {
        _measured = new double[count];
        _baseline = new double[count];
        _ratios = new double[count];
    }

    /// <summary>Median in microseconds.</summary>
    public double Measured => Quantiles.Of(_measured, 0.5);

    /// <summary>Median in microseconds.</summary>
    public double Baseline => Quantiles.Of(_baseline, 0.5);

    /// <summary>Median of the ratios.</summary>
    public double Ratio => Quantiles.Of(_ratios, 0.5);

    /// <summary>Lower quartile of the ratios.</summary>
    public double LowerRatio => Quantiles.Of(_ratios, 0.25);

    /// <summary>Upper quartile of the ratios.</summary>
    public double UpperRatio => Quantiles.Of(_ratios, 0.75);

    /// <summary>Managed bytes that one run of the measured side took: the least of all runs, as the compiler takes some.</summary>
    public long Bytes { get; private set; } = long.MaxValue;

    public static PairResult Of(Pair pair, int count)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUps || Stopwatch.GetElapsedTime(begin) < s_warmUp; i++)
        {
            Time(pair.Measured, out _);
            Time(pair.Baseline, out _);
        }

        var result = new PairResult(count);
        for (int i = 0; i < count; i++)
        {
            // Who comes second finds other caches than who comes first.
            bool measuredFirst = i % 2 == 0;
            double baseline = measuredFirst ? 0 : Time(pair.Baseline, out _);
            double measured = Time(pair.Measured, out long bytes);
            if (measuredFirst)
                baseline = Time(pair.Baseline, out _);
            result._measured[i] = measured;
            result._baseline[i] = baseline;
            result._ratios[i] = measured / baseline;
            result.Bytes = Math.Min(result.Bytes, bytes);
        }

        return result;
    }

    private static double Time(Side side, out long bytes)
    {
        side.Before?.Invoke();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        side.Run();
        long end = Stopwatch.GetTimestamp();
        bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        side.After?.Invoke();
        return Stopwatch.GetElapsedTime(start, end).TotalMicroseconds;
    }
}
