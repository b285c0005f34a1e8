using System.Globalization;

namespace FenceSafety.Benchmarks.Harness;

/// <summary>Counts, and what they have to be.</summary>
public sealed class Counts
{
    /// <summary>How many were right.</summary>
    public int Right { get; private set; }

    /// <summary>How many were wrong.</summary>
    public int Wrong { get; private set; }

    /// <summary>A count that has one right value.</summary>
    public void Equal(string name, long expected, long actual) => Add(name, actual == expected, actual, Text(expected));

    /// <summary>A count that has a bound.</summary>
    public void AtMost(string name, long bound, long actual) => Add(name, actual <= bound, actual, "at most " + Text(bound));

    /// <summary>A statement that is true or not.</summary>
    public void True(string name, bool actual)
    {
        Note(name, actual, actual ? "yes" : "no, which is wrong");
    }

    /// <summary>Managed bytes that an action allocates on this thread, once it is compiled: the least of two runs.</summary>
    public static long AllocatedBytes(Action body, Action? before = null, Action? after = null)
    {
        long least = long.MaxValue;
        for (int run = 0; run < 2; run++)
        {
            before?.Invoke();
            long start = GC.GetAllocatedBytesForCurrentThread();
            body();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - start);
            after?.Invoke();
        }

        return least;
    }

    private static string Text(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private void Add(string name, bool isRight, long actual, string expected) =>
        Note(name, isRight, isRight ? Text(actual) : $"{Text(actual)}, but expected was {expected}");

    private void Note(string name, bool isRight, string text)
    {
        if (isRight)
            Right++;
        else
            Wrong++;
        Console.WriteLine($"  {(isRight ? "ok   " : "WRONG")} {name}: {text}");
    }
}
