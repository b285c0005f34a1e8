using FenceSafety;
using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace VmBindDriver;

/// <summary>
/// Binds memory in three stages. Submit takes everything that may have to be allocated; run, from the publication of a fence to its signal,
/// is fence-critical and takes nothing; cleanup gives back. Each queue binds at an address of its own, so that nobody else maps there what
/// it has just unmapped.
/// </summary>
internal sealed class BindQueue(string name, Machine machine, MemoryLayout layout, VirtualAddress address)
{
    private readonly FenceTimeline _timeline = new(name, TimeSpan.FromSeconds(10));

    public string Name => name;

    public BindCosts Costs { get; } = new();

    [MayAllocate]
    public BindJob Submit(int pages)
    {
        ulong bytes = (ulong)pages * MmuLayout.PageBytes;
        AllocatedBlocks memory = layout == MemoryLayout.Contiguous
            ? machine.Buddy.AllocBlocks(GpuBuddyAllocMode.Simple, bytes, flags: GpuBuddyAllocFlags.Contiguous)
            : machine.Buddy.AllocBlocks(GpuBuddyAllocMode.Simple, bytes);
        Pfn[] frames = Frames(memory, pages);
        if (layout == MemoryLayout.Scattered)
            Array.Reverse(frames);
        PreparedMapping prepared = machine.Vmm.PrepareMap((ulong)pages, new MapOptions { Address = address });
        Costs.Pages += pages;
        Costs.Tables += prepared.TableCount;
        return new BindJob
        {
            Memory = memory,
            Frames = frames,
            Prepared = prepared,
            Mapped = _timeline.CreateFence(),
            Unmapped = _timeline.CreateFence(),
        };
    }

    [FenceCritical]
    public MappedRange RunMap(BindJob job)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        _timeline.Publish(job.Mapped);
        MappedRange range = machine.Vmm.ExecuteMap(job.Prepared, job.Frames, job.Attributes);
        job.Mapped.Signal();
        Costs.HeapBytes += GC.GetAllocatedBytesForCurrentThread() - before;
        return range;
    }

    [FenceCritical]
    public void RunUnmap(BindJob job, MappedRange range)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        _timeline.Publish(job.Unmapped);
        machine.Vmm.UnmapPages(range);
        job.Memory.FreeDeferred();
        job.Unmapped.Signal();
        Costs.HeapBytes += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [MayAllocate]
    public void Cleanup()
    {
        machine.Vmm.Cleanup();
        machine.Buddy.DrainDeferred();
    }

    private static Pfn[] Frames(AllocatedBlocks memory, int pages)
    {
        var frames = new Pfn[pages];
        int next = 0;
        foreach (AllocatedBlock block in memory)
        {
            for (ulong offset = 0; offset < block.Size; offset += MmuLayout.PageBytes)
                frames[next++] = new VramAddress(block.Offset + offset).Pfn;
        }

        return frames;
    }
}
