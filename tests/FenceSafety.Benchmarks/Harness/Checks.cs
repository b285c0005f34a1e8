namespace FenceSafety.Benchmarks.Harness;

/// <summary>The mode that asserts counts: what must hold wherever it runs.</summary>
internal static class Checks
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var counts = new Counts();
        foreach (Type type in Benchmarks.Find(arguments))
        {
            Console.WriteLine(type.Name);
            using IBenchmark benchmark = Benchmarks.Create(type);
            int before = counts.Right + counts.Wrong;
            benchmark.Check(counts);
            if (counts.Right + counts.Wrong == before)
                counts.True("it counts something", false);
        }

        Console.WriteLine($"{counts.Right} counts are right, {counts.Wrong} are wrong.");
        return counts.Wrong == 0 ? 0 : 1;
    }
}
