namespace FenceSafety.Benchmarks.Harness;

/// <summary>Medians and quartiles.</summary>
internal static class Quantiles
{
    /// <summary>The value below which a share of the values is; between two of them, in proportion.</summary>
    public static double Of(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }
}
