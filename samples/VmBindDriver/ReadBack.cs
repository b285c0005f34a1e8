using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;

namespace VmBindDriver;

/// <summary>Asks the hardware's translator, which shares no code with the driver.</summary>
internal static class ReadBack
{
    /// <summary>How many pages of 4 KiB the GPU sees where they were mapped, writable.</summary>
    /// <param name="smallest">The size in bytes of the smallest page that it saw.</param>
    public static int CountMapped(Machine machine, VirtualAddress start, Pfn[] frames, out ulong smallest)
    {
        int count = 0;
        smallest = ulong.MaxValue;
        for (int i = 0; i < frames.Length; i++)
        {
            Translation seen = See(machine, start, i);
            if (!seen.IsMapped || seen.Physical != frames[i].Address.Raw)
                continue;
            count++;
            smallest = Math.Min(smallest, seen.PageSize);
        }

        return count;
    }

    /// <summary>How many pages the GPU cannot access.</summary>
    public static int CountFaults(Machine machine, VirtualAddress start, int pages)
    {
        int count = 0;
        for (int i = 0; i < pages; i++)
        {
            if (!See(machine, start, i).IsMapped)
                count++;
        }

        return count;
    }

    private static Translation See(Machine machine, VirtualAddress start, int page) =>
        machine.Gpu.Mmu.Translate(machine.Vmm.Root.Raw, start.Raw + (ulong)page * MmuLayout.PageBytes, write: true);
}
