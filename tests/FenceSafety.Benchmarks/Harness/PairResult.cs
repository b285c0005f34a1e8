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
    private readonly double[] _processorRatios;

    private PairResult(int count)
    {
        _measured = new double[count];
        _baseline = new double[count];
        _ratios = new double[count];
        _processorRatios = new double[count];
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

    /// <summary>The ratio that 95 in 100 do not exceed.</summary>
    public double HighRatio => Quantiles.Of(_ratios, 0.95);

    /// <summary>The time that 95 in 100 do not exceed, over that of the baseline: the p95 of ratios has the noise of both.</summary>
    public double RatioOfHigh => Quantiles.Of(_measured, 0.95) / Quantiles.Of(_baseline, 0.95);

    /// <summary>Median of the ratios of processor time of the whole process, which other processes disturb less.</summary>
    public double ProcessorRatio => Quantiles.Of(_processorRatios, 0.5);

    /// <summary>The ratio of processor time that 95 in 100 do not exceed.</summary>
    public double HighProcessorRatio => Quantiles.Of(_processorRatios, 0.95);

    /// <summary>Managed bytes that one run of the measured side took: the least of all runs, as the compiler takes some.</summary>
    public long Bytes { get; private set; } = long.MaxValue;

    public static PairResult Of(Pair pair, int count)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUps || Stopwatch.GetElapsedTime(begin) < s_warmUp; i++)
        {
            Time(pair.Measured, out _, out _);
            Time(pair.Baseline, out _, out _);
        }

        var result = new PairResult(count);
        for (int i = 0; i < count; i++)
        {
            // Who comes second finds other caches than who comes first.
            bool measuredFirst = i % 2 == 0;
            double baselineProcessor = 0;
            double baseline = measuredFirst ? 0 : Time(pair.Baseline, out _, out baselineProcessor);
            double measured = Time(pair.Measured, out long bytes, out double processor);
            if (measuredFirst)
                baseline = Time(pair.Baseline, out _, out baselineProcessor);
            result._measured[i] = measured;
            result._baseline[i] = baseline;
            result._ratios[i] = measured / baseline;

            // What is too short for the clock of processor time has no ratio worth telling.
            result._processorRatios[i] = baselineProcessor > 0 ? processor / baselineProcessor : double.NaN;
            result.Bytes = Math.Min(result.Bytes, bytes);
        }

        return result;
    }

    private static double Time(Side side, out long bytes, out double processor)
    {
        side.Before?.Invoke();
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        side.Run();
        long end = Stopwatch.GetTimestamp();
        processor = (Environment.CpuUsage.TotalTime - used).TotalMicroseconds;
        bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        side.After?.Invoke();
        return Stopwatch.GetElapsedTime(start, end).TotalMicroseconds;
    }
}
