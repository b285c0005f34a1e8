using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>What the device was made to do between two moments.</summary>
internal readonly record struct DeviceCost(long RegisterWrites, long WindowMoves, long Flushes, long WordsWritten, long WordsRead)
{
    public static DeviceCost Now(SimulatedGpu gpu) => new(
        gpu.Counters.RegisterWrites, gpu.Counters.WindowMoves, gpu.Counters.TlbInvalidations, gpu.Counters.WordsWritten,
        gpu.Counters.WordsRead);

    public static DeviceCost Of(SimulatedGpu gpu, Action body)
    {
        DeviceCost before = Now(gpu);
        body();
        DeviceCost after = Now(gpu);
        return new DeviceCost(
            after.RegisterWrites - before.RegisterWrites, after.WindowMoves - before.WindowMoves, after.Flushes - before.Flushes,
            after.WordsWritten - before.WordsWritten, after.WordsRead - before.WordsRead);
    }
}
