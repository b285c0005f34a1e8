namespace FenceSafety.Summaries.Framework;
static class Stage {
    static readonly bool On = Environment.GetEnvironmentVariable("FENCE_STAGES") is not null;
    static readonly System.Diagnostics.Stopwatch W = System.Diagnostics.Stopwatch.StartNew();
    static TimeSpan _wall, _cpu; static long _bytes; static TimeSpan _pause; static int _gc;
    public static void Print(string what) {
        if (!On) return;
        var p = System.Diagnostics.Process.GetCurrentProcess();
        var (w, c, b, ps, gc) = (DateTime.Now - p.StartTime, p.TotalProcessorTime, GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration(), GC.CollectionCount(0));
        Console.Error.WriteLine($"{what,-14} wall {(w-_wall).TotalMilliseconds,6:F0} cpu {(c-_cpu).TotalMilliseconds,6:F0} MB {(b-_bytes)/1e6,6:F0} pause {(ps-_pause).TotalMilliseconds,6:F0} gcs {gc-_gc} (gen1 {GC.CollectionCount(1)} gen2 {GC.CollectionCount(2)}) ws {p.WorkingSet64/1e6:F0} | {w.TotalMilliseconds:F0} {c.TotalMilliseconds:F0}");
        (_wall,_cpu,_bytes,_pause,_gc)=(w,c,b,ps,gc);
    }
}
