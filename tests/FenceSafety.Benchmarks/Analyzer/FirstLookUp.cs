using System.Diagnostics;
using System.Globalization;
using FenceSafety.Analyzers.Framework;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.Benchmarks.Analyzer;

/// <summary>
/// The analyzer's first look-up in the framework's summary: the resource is read, its header is checked, and the member's record is found
/// and parsed, by code that the just-in-time compiler has not seen yet. Each in a process of its own.
/// </summary>
internal static class FirstLookUp
{
    /// <summary>What the process is told that does it once.</summary>
    public const string Argument = "--look-up-once";

    private const int LeastRuns = 15;
    private const int DefaultRuns = 31;

    private static readonly (string Name, string Unit, double Scale)[] s_columns =
    [
        ("first look-up", "ms", 1), ("the next, of another member", "ms", 1), ("managed memory of the first", "KB", 1e-3),
        ("working set of the first", "KB", 1e-3),
    ];

    /// <summary>Does it once, and prints what it took.</summary>
    public static int Once()
    {
        // The process and the compiler are warm, the analyzer is not.
        var compilation = CSharpCompilation.Create("App", references: [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);
        INamedTypeSymbol list = compilation.GetTypeByMetadataName("System.Collections.Generic.List`1")!;
        IMethodSymbol add = list.GetMembers("Add").OfType<IMethodSymbol>().Single();
        IMethodSymbol clear = list.GetMembers("Clear").OfType<IMethodSymbol>().Single();
        _ = add.GetDocumentationCommentId() + clear.GetDocumentationCommentId();
        var unknown = new MemberContract("member");
        Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp());

        long set = Process.GetCurrentProcess().WorkingSet64;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        FrameworkSummary summary = FrameworkSummary.Load();
        MemberContract first = summary.Apply(unknown, add);
        TimeSpan firstTime = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        set = Process.GetCurrentProcess().WorkingSet64 - set;
        start = Stopwatch.GetTimestamp();
        MemberContract next = summary.Apply(unknown, clear);
        TimeSpan nextTime = Stopwatch.GetElapsedTime(start);
        if (first.Managed != "growth" || !next.Closed)
            throw new InvalidOperationException("The summary does not know what List.Add and List.Clear do.");
        Console.WriteLine(FormattableString.Invariant($"{firstTime.TotalMilliseconds} {nextTime.TotalMilliseconds} {bytes} {set}"));
        return 0;
    }

    /// <summary>Managed bytes of a first look-up in a fresh process.</summary>
    public static long Bytes() => (long)Measure()[2];

    /// <summary>Prints medians and quartiles of several processes.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        int count = arguments is [var only] ? int.Parse(only, CultureInfo.InvariantCulture) : DefaultRuns;
        if (count < LeastRuns)
        {
            Console.Error.WriteLine($"{count} processes are too few to say anything: take {LeastRuns} at least.");
            return 2;
        }

        double[][] runs = [.. Enumerable.Range(0, count).Select(static _ => Measure())];
        Console.WriteLine($"{count} fresh processes; {Environment.ProcessorCount} processors.");
        Console.WriteLine();
        Console.WriteLine("| | median | quartiles |");
        Console.WriteLine("|---|--:|--:|");
        for (int i = 0; i < s_columns.Length; i++)
        {
            var (name, unit, scale) = s_columns[i];
            double[] values = [.. runs.Select(run => run[i] * scale)];
            Console.WriteLine(FormattableString.Invariant(
                $"| {name} | {Quantiles.Of(values, 0.5):0.##} {unit} | {Quantiles.Of(values, 0.25):0.##}–{Quantiles.Of(values, 0.75):0.##} |"));
        }

        return 0;
    }

    private static double[] Measure() =>
        [.. FreshProcess.Run([Argument]).Split(' ').Select(static text => double.Parse(text, CultureInfo.InvariantCulture))];
}
