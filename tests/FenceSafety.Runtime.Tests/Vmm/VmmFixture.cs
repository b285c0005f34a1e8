using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>A simulated GPU with one address space, and the questions that the tests put to the hardware.</summary>
internal sealed class VmmFixture : IDisposable
{
    public const ulong Page = 4096;

    public VmmFixture(GpuArchitecture architecture, ulong vramSize = 8UL << 30, int frames = 2000)
    {
        Gpu = new SimulatedGpu(architecture, vramSize);
        Vram = new TestVram(Gpu, frames);
        Mm = new GpuMm(Gpu, Vram);
        Vmm = Runtime.VirtualMemory.Vmm.Create(Mm);
    }

    public SimulatedGpu Gpu { get; }

    public TestVram Vram { get; }

    public GpuMm Mm { get; }

    public Vmm Vmm { get; }

    public ulong Root => Vmm.Root.Raw;

    public static Pfn[] Scattered(int count, int seed = 1)
    {
        var random = new Random(seed);
        var frames = new Pfn[count];
        for (int i = 0; i < count; i++)
            frames[i] = new Pfn(0x1_0000 + (ulong)random.Next(0x8_0000) * 2 + 1);
        return frames;
    }

    public static Pfn[] Contiguous(ulong first, int count) => [.. Enumerable.Range(0, count).Select(i => new Pfn(first + (ulong)i))];

    public static MapOptions At(ulong address, PageSizes sizes = PageSizes.All) =>
        new() { Address = new VirtualAddress(address), PageSizes = sizes };

    /// <summary>The engines' view, with the TLB.</summary>
    public Translation See(ulong address, bool write = false) => Gpu.Mmu.Translate(Root, address, write);

    /// <summary>Asks the hardware, with and without its TLB, for every page of a range.</summary>
    public void AssertMapped(ulong address, ReadOnlySpan<Pfn> frames, bool writable = true, ulong? pageSize = null)
    {
        for (int i = 0; i < frames.Length; i++)
        {
            ulong at = address + (ulong)i * Page;
            foreach (Translation seen in new[] { Gpu.Mmu.TranslateUncached(Root, at), See(at) })
            {
                Assert.True(seen.IsMapped, $"0x{at:X}: {seen}");
                Assert.Equal(frames[i].Address.Raw, seen.Physical);
                Assert.Equal(writable, seen.Writable);
                if (pageSize is { } size)
                    Assert.Equal(size, seen.PageSize);
            }

            Assert.Equal(frames[i], Vmm.ReadMapping(new VirtualAddress(at))?.Frame);
        }
    }

    public void AssertUnmapped(ulong address, ulong pages)
    {
        for (ulong at = address; at < address + pages * Page; at += Page)
        {
            Assert.False(Gpu.Mmu.TranslateUncached(Root, at).IsMapped, $"0x{at:X} in the tables");
            Assert.False(See(at).IsMapped, $"0x{at:X} in the TLB");
            Assert.Null(Vmm.ReadMapping(new VirtualAddress(at)));
        }
    }

    /// <summary>Every frame is free, the manager's, or a job's.</summary>
    public void AssertConserved(params PreparedMapping[] jobs) =>
        Assert.Equal(Vram.Used, Vmm.OwnedFrames + jobs.Sum(j => j.TableCount));

    public void Dispose()
    {
        Gpu.Faults.Clear();
        Vmm.Dispose();
        Assert.Equal(0, Vram.Used);
        Gpu.Dispose();
    }
}
