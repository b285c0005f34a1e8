using System.Globalization;
using System.Runtime.InteropServices;

namespace FenceSafety.Benchmarks.Harness;

/// <summary>The mode that measures in pairs and prints a table.</summary>
internal static class PairTable
{
    private const int LeastPairs = 15;
    private const int DefaultPairs = 31;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        int count = DefaultPairs;
        if (arguments is [var first, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out count))
            arguments = arguments[1..];
        else
            count = DefaultPairs;
        if (count < LeastPairs)
        {
            Console.Error.WriteLine($"{count} pairs are too few to say anything: take {LeastPairs} at least.");
            return 2;
        }

        Console.WriteLine($"{count} interleaved pairs; {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.ProcessArchitecture}. Times in microseconds, medians. Ratio: median (quartiles; p95), ratio of the p95s. "
            + "The same of processor time: median (p95).");
        Console.WriteLine();
        Console.WriteLine("| benchmark | time | baseline | its time | ratio | processor | goal | managed bytes |");
        Console.WriteLine("|---|--:|---|--:|--:|--:|--:|--:|");
        bool missed = false;
        foreach (Type type in Benchmarks.Find(arguments))
        {
            using IBenchmark benchmark = Benchmarks.Create(type);
            foreach (Pair pair in benchmark.Pairs())
                missed |= !Print(pair, PairResult.Of(pair, count));
        }

        Console.WriteLine();
        Console.WriteLine(missed ? "A goal was missed." : "No goal was missed.");

        // Not a failure: times depend on the machine and on what else it does.
        return 0;
    }

    /// <returns>Whether the goal, if there is one, was reached.</returns>
    private static bool Print(Pair pair, PairResult result)
    {
        string goal = pair.Goal is { } limit ? Invariant($"{(pair.AtP95 ? "p95 " : "")}≤ {limit:0.#}") : "";
        string ratio = Invariant($"{result.Ratio:0.00} ({result.LowerRatio:0.00}–{result.UpperRatio:0.00}; {result.HighRatio:0.00}), {result.RatioOfHigh:0.00}");
        string processor = double.IsNaN(result.HighProcessorRatio) ? "" : Invariant($"{result.ProcessorRatio:0.00} ({result.HighProcessorRatio:0.00})");
        string measured = Invariant($"{pair.Measured.Name} | {result.Measured:N0}");
        string baseline = Invariant($"{pair.Baseline.Name} | {result.Baseline:N0}");
        Console.WriteLine(Invariant($"| {measured} | {baseline} | {ratio} | {processor} | {goal} | {result.Bytes:N0} |"));
        return pair.Goal is null || (pair.AtP95 ? result.HighRatio : result.Ratio) <= pair.Goal;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
