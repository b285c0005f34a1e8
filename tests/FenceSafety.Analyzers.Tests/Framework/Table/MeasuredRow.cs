using System.Diagnostics;
using System.Reflection;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Managed bytes that a row takes, by the count that the runtime keeps for this thread.</summary>
sealed class MeasuredRow(MethodInfo method)
{
    const int WarmUps = 40, Runs = 8;
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    readonly Action _run = method.CreateDelegate<Action>();

    /// <summary>The bytes of several runs, after warming up.</summary>
    public long[] Bytes(string? before)
    {
        Action? prepare = before is null
            ? null
            : method.DeclaringType!.GetMethod(before, BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<Action>();
        for (int i = 0; i < WarmUps; i++)
            Run(prepare);
        return [.. Enumerable.Range(0, Runs).Select(_ => Run(prepare))];
    }

    /// <summary>
    /// The most of several runs, which is to be none. Code that is not yet optimised may box where optimised code does not: it is tried
    /// again until the just-in-time compiler has caught up.
    /// </summary>
    public long LeastBytes(string? before)
    {
        var clock = Stopwatch.StartNew();
        long most;
        while ((most = Bytes(before).Max()) > 0 && clock.Elapsed < s_patience)
            Thread.Sleep(20);
        return most;
    }

    long Run(Action? prepare)
    {
        prepare?.Invoke();
        long start = GC.GetAllocatedBytesForCurrentThread();
        _run();
        return GC.GetAllocatedBytesForCurrentThread() - start;
    }
}
