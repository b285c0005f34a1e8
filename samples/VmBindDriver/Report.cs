using FenceSafety.Runtime.Simulation;

namespace VmBindDriver;

/// <summary>The table that the program prints.</summary>
internal static class Report
{
    private static readonly string[] s_columns =
        ["queue     ", "jobs", "pages", "seen by GPU", "page size", "gone after unmap", "tables", "heap bytes in run stage"];

    public static void Print(Machine machine, BindQueue[] queues, ulong freeBefore)
    {
        Console.WriteLine($"{machine.Gpu.Architecture}, page tables {machine.Vmm.Version}");
        Console.WriteLine($"| {string.Join(" | ", s_columns)} |");
        Console.WriteLine($"|{string.Join("|", s_columns.Select(name => new string('-', name.Length + 2)))}|");
        foreach (BindQueue queue in queues)
        {
            BindCosts costs = queue.Costs;
            object[] cells =
            [
                queue.Name, costs.Jobs, costs.Pages, costs.Seen, $"{costs.PageBytes >> 10} KiB", costs.Gone, costs.Tables,
                costs.HeapBytes,
            ];
            Console.WriteLine($"| {string.Join(" | ", cells.Zip(s_columns, (cell, name) => $"{cell}".PadLeft(name.Length)))} |");
        }

        DeviceCounters device = machine.Gpu.Counters;
        Console.WriteLine(
            $"device: {device.WordsWritten} words and {device.RegisterWrites} registers written, {device.WindowMoves} window moves, "
            + $"{device.TlbInvalidations} TLB invalidations; {freeBefore - machine.Buddy.Avail} bytes of video memory lost");
        Console.WriteLine();
    }
}
