using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>The address space on the real allocator.</summary>
public class BuddyFramesTests
{
    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Tables_come_from_the_buddy_allocator_and_go_back(GpuArchitecture architecture)
    {
        using var gpu = new SimulatedGpu(architecture, 1UL << 30);
        using var buddy = new GpuBuddy(new GpuBuddyParams(1 << 20, 64 << 20));
        var mm = new GpuMm(gpu, new BuddyFrames(buddy));
        using (Vmm vmm = Vmm.Create(mm))
        {
            Assert.Equal(buddy.Size - 4096, buddy.Avail);
            using AllocatedBlocks memory = buddy.AllocBlocks(default, 8 << 20, 2 << 20);
            Pfn[] frames = [.. Enumerable.Range(0, 2048).Select(i => new VramAddress(memory.First.Offset).Pfn + (ulong)i)];
            MappedRange range = vmm.MapPages(frames, PageAttributes.ReadWrite, new MapOptions { Alignment = 2 << 20 });
            for (int i = 0; i < frames.Length; i++)
                Assert.Equal(frames[i].Address.Raw, gpu.Mmu.Translate(vmm.Root.Raw, range.Start.Raw + (ulong)i * 4096).Physical);
            vmm.UnmapPages(range);
            vmm.TrimTables();
            Assert.Equal(buddy.Size - 4096 - memory.Size, buddy.Avail);
        }

        Assert.Equal(buddy.Size, buddy.Avail);
    }

    [Fact]
    public void Too_few_frames_leave_the_allocator_as_it_was()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1UL << 30);
        using var buddy = new GpuBuddy(new GpuBuddyParams(1 << 20, 16 * 4096));
        using Vmm vmm = Vmm.Create(new GpuMm(gpu, new BuddyFrames(buddy)));
        ulong avail = buddy.Avail;
        Assert.Throws<OutOfVideoMemoryException>(() => vmm.PrepareMap(512 * 20));
        Assert.Equal(avail, buddy.Avail);
        Assert.Equal(0UL, vmm.ReservedPages);
        vmm.PrepareMap(512 * 4).Dispose();
        Assert.Equal(avail, buddy.Avail);
    }

    [Fact]
    public void Chunks_of_another_size_are_refused()
    {
        using var buddy = new GpuBuddy(new GpuBuddyParams(0, 1 << 20, 0x1_0000));
        Assert.Throws<ArgumentException>("buddy", () => new BuddyFrames(buddy));
        Assert.Throws<ArgumentNullException>("buddy", () => new BuddyFrames(null!));
    }
}
