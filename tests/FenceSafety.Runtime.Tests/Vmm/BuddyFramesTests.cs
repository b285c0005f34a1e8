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
    public void A_batch_goes_back_whole_and_is_handed_out_again_before_that()
    {
        using var buddy = new GpuBuddy(new GpuBuddyParams(1 << 20, 1 << 20));
        var source = new BuddyFrames(buddy);
        var frames = new VramFrame[40];
        source.AllocateFrames(frames);
        Assert.Equal(40, frames.Select(f => f.Address).Distinct().Count());
        Assert.Equal(buddy.Size - 40 * 4096, buddy.Avail);

        source.FreeFrames(frames.AsSpan(0, 15));
        Assert.Equal((15, buddy.Size - 40 * 4096), (source.CachedFrames, buddy.Avail));
        var again = new VramFrame[5];
        source.AllocateFrames(again);
        Assert.Subset(frames.Take(15).ToHashSet(), again.ToHashSet());
        Assert.Equal((10, buddy.Size - 40 * 4096), (source.CachedFrames, buddy.Avail));

        source.FreeFrames(again);
        source.FreeFrames(frames.AsSpan(15, 1));
        Assert.Equal((0, buddy.Size - 24 * 4096), (source.CachedFrames, buddy.Avail));
        source.FreeFrames(frames.AsSpan(16));
        Assert.Equal((0, buddy.Size), (source.CachedFrames, buddy.Avail));
    }

    [Fact]
    public void Random_taking_and_giving_back_never_hands_a_frame_out_twice()
    {
        using var buddy = new GpuBuddy(new GpuBuddyParams(0, 300 * 4096));
        var source = new BuddyFrames(buddy);
        var random = new Random(5);
        var held = new List<VramFrame>();
        for (int step = 0; step < 3000; step++)
        {
            if (random.Next(2) == 0)
            {
                var frames = new VramFrame[random.Next(1, 50)];
                try
                {
                    source.AllocateFrames(frames);
                    held.AddRange(frames);
                }
                catch (OutOfVideoMemoryException)
                {
                    Assert.True(held.Count + frames.Length > 200, "refused though there was room");
                }
            }
            else if (held.Count != 0)
            {
                VramFrame[] back = [.. Enumerable.Range(0, random.Next(1, held.Count + 1)).Select(_ => TakeAny(held, random))];
                source.FreeFrames(back);
            }

            Assert.Equal(held.Count, held.Select(f => f.Address).Distinct().Count());
            Assert.Equal((buddy.Size - buddy.Avail) / 4096, (ulong)(held.Count + source.CachedFrames));
        }

        source.FreeFrames(held.ToArray());
        Assert.Equal(buddy.Size, buddy.Avail);
    }

    [Fact]
    public void What_is_not_allocated_here_is_refused()
    {
        using var buddy = new GpuBuddy(new GpuBuddyParams(0, 1 << 20));
        var source = new BuddyFrames(buddy);
        var other = new BuddyFrames(buddy);
        var frames = new VramFrame[2];
        source.AllocateFrames(frames);
        Assert.Throws<ArgumentException>("frames", () => other.FreeFrames(frames));
        Assert.Throws<ArgumentException>("frames", () => source.FreeFrames([new VramFrame(frames[0].Address)]));
        source.FreeFrames(frames.AsSpan(0, 1));
        Assert.Throws<ArgumentException>("frames", () => source.FreeFrames(frames.AsSpan(0, 1)));
        source.FreeFrames(frames.AsSpan(1));
        Assert.Throws<ArgumentException>("frames", () => source.FreeFrames(frames));
        Assert.Equal(buddy.Size, buddy.Avail);
    }

    private static VramFrame TakeAny(List<VramFrame> held, Random random)
    {
        int which = random.Next(held.Count);
        VramFrame taken = held[which];
        held.RemoveAt(which);
        return taken;
    }

    [Fact]
    public void Chunks_of_another_size_are_refused()
    {
        using var buddy = new GpuBuddy(new GpuBuddyParams(0, 1 << 20, 0x1_0000));
        Assert.Throws<ArgumentException>("buddy", () => new BuddyFrames(buddy));
        Assert.Throws<ArgumentNullException>("buddy", () => new BuddyFrames(null!));
    }
}
