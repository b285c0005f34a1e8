using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.Simulation;

/// <summary>The oracle itself, against entries written out by hand from the manuals.</summary>
public class HardwareMmuTests
{
    private const ulong Root = 0x1000;

    [Fact]
    public void V2_walks_five_levels_to_a_small_page()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1UL << 34);
        const ulong address = (2UL << 47) | (300UL << 38) | (511UL << 29) | (255UL << 21) | (17UL << 12) | 0x123;
        gpu.PokeVram(Root + 2 * 8, 0x0000_0202);
        gpu.PokeVram(0x2000 + 300 * 8, 0x0000_0302);
        gpu.PokeVram(0x3000 + 511 * 8, 0x0000_0402);
        gpu.PokeVram(0x4000 + 255 * 16 + 8, 0x0000_0502);
        gpu.PokeVram(0x5000 + 17 * 8, 0x0000_0000_1234_5641);
        Translation found = gpu.Mmu.Translate(Root, address);
        Assert.Equal(new Translation(MmuFault.None, 0x1_2345_6123, 0x1000, false), found);
        Assert.Equal(MmuFault.ReadOnly, gpu.Mmu.Translate(Root, address, write: true).Fault);
        Assert.Equal(MmuFault.InvalidEntry, gpu.Mmu.Translate(Root, address + 0x1000).Fault);
        Assert.Equal(MmuFault.InvalidDirectory, gpu.Mmu.Translate(Root, address - (1UL << 21)).Fault);
        Assert.Equal(MmuFault.AddressTooWide, gpu.Mmu.Translate(Root, 1UL << 49).Fault);
    }

    [Fact]
    public void V3_walks_six_levels_to_a_small_page()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Hopper, 1UL << 34);
        const ulong address = (1UL << 56) | (7UL << 47) | (300UL << 38) | (9UL << 29) | (128UL << 21) | (511UL << 12);
        gpu.PokeVram(Root + 8, 0x2002);
        gpu.PokeVram(0x2000 + 7 * 8, 0x3002);
        gpu.PokeVram(0x3000 + 300 * 8, 0x4002);
        gpu.PokeVram(0x4000 + 9 * 8, 0x5002);
        gpu.PokeVram(0x5000 + 128 * 16 + 8, 0x6002);
        gpu.PokeVram(0x6000 + 511 * 8, 0x0000_0001_2345_6041);
        Assert.Equal(new Translation(MmuFault.None, 0x1_2345_6000, 0x1000, true), gpu.Mmu.Translate(Root, address));
        gpu.PokeVram(0x6000 + 510 * 8, 0x0000_0001_2345_7061);
        Assert.Equal(MmuFault.ReadOnly, gpu.Mmu.Translate(Root, address - 0x1000, write: true).Fault);
        gpu.PokeVram(0x6000 + 509 * 8, 0x0000_0001_2345_7741);
        Assert.Equal(MmuFault.BadEntry, gpu.Mmu.Translate(Root, address - 0x2000).Fault);
        Assert.Equal(MmuFault.AddressTooWide, gpu.Mmu.Translate(Root, 1UL << 57).Fault);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void A_big_page_hides_the_small_ones_and_a_huge_page_hides_both(GpuArchitecture architecture)
    {
        bool v3 = architecture == GpuArchitecture.Hopper;
        using var gpu = new SimulatedGpu(architecture, 1UL << 32);
        ulong dual = BuildPathToDual(gpu, v3);
        gpu.PokeVram(dual, v3 ? 0x8102UL : 0x812UL);
        gpu.PokeVram(dual + 8, v3 ? 0x9002UL : 0x902UL);
        ulong pte = v3 ? 0x0000_0000_0040_0041UL : 0x0000_0000_0004_0001UL;
        gpu.PokeVram(0x8100 + 3 * 8, pte);
        gpu.PokeVram(0x9000 + 16 * 8, v3 ? 0x7000_0041UL : 0x0700_0001UL);
        Assert.Equal((0x40_8004UL, 0x1_0000UL), Place(gpu, 0x3_8004));
        Assert.Equal((0x7000_0008UL, 0x1000UL), Place(gpu, 0x1_0008));

        // "No valid small pages beneath" stops the search, sparse answers for it.
        gpu.PokeVram(0x8100 + 8, v3 ? 0x18UL : 0x20UL);
        Assert.Equal(MmuFault.InvalidEntry, gpu.Mmu.TranslateUncached(Root, 0x1_0008).Fault);
        gpu.PokeVram(0x8100 + 8, 8);
        Assert.Equal(MmuFault.Sparse, gpu.Mmu.TranslateUncached(Root, 0x1_0008).Fault);

        gpu.PokeVram(dual, v3 ? 0x0000_0000_0080_0041UL : 0x0000_0000_0008_0001UL);
        Assert.Equal((0x81_0008UL, 0x20_0000UL), Place(gpu, 0x1_0008));
        gpu.PokeVram(dual, v3 ? 0x0000_0000_0081_0041UL : 0x0000_0000_0008_1001UL);
        Assert.Equal(MmuFault.BadEntry, gpu.Mmu.TranslateUncached(Root, 0x1_0008).Fault);
    }

    [Fact]
    public void Only_V3_has_giant_pages()
    {
        using var v3 = new SimulatedGpu(GpuArchitecture.Blackwell, 1UL << 32);
        BuildPathToDual(v3, true);
        v3.PokeVram(0x4000, 0x2000_0041);
        Assert.Equal((0x2012_3456UL, 512UL << 20), Place(v3, 0x12_3456));
        using var v2 = new SimulatedGpu(GpuArchitecture.Ada, 1UL << 32);
        BuildPathToDual(v2, false);
        v2.PokeVram(0x3000, 0x0020_0001);
        Assert.Equal(MmuFault.InvalidDirectory, v2.Mmu.Translate(Root, 0x12_3456).Fault);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Tables_and_pages_outside_the_memory_are_bad_entries(GpuArchitecture architecture)
    {
        bool v3 = architecture == GpuArchitecture.Hopper;
        using var gpu = new SimulatedGpu(architecture, 1 << 20);
        ulong dual = BuildPathToDual(gpu, v3);
        gpu.PokeVram(dual + 8, v3 ? 0x10_0002UL : 0x1_0002UL);
        Assert.Equal(MmuFault.BadEntry, gpu.Mmu.TranslateUncached(Root, 0).Fault);
        gpu.PokeVram(dual + 8, v3 ? 0x9002UL : 0x902UL);
        gpu.PokeVram(0x9000, v3 ? 0x10_0041UL : 0x1_0001UL);
        Assert.Equal(MmuFault.BadEntry, gpu.Mmu.TranslateUncached(Root, 0).Fault);
        gpu.PokeVram(0x9000, v3 ? 0x10_0047UL : 0x1_0007UL);
        Assert.Equal(3, gpu.Mmu.TranslateUncached(Root, 0).Aperture);
    }

    private static (ulong Physical, ulong Size) Place(SimulatedGpu gpu, ulong address)
    {
        Translation found = gpu.Mmu.TranslateUncached(Root, address);
        Assert.Equal(MmuFault.None, found.Fault);
        return (found.Physical, found.PageSize);
    }

    /// <summary>Directories at 0x2000 and up, for address 0.</summary>
    /// <returns>Where the dual entry lies.</returns>
    private static ulong BuildPathToDual(SimulatedGpu gpu, bool v3)
    {
        int directories = v3 ? 4 : 3;
        ulong table = Root;
        for (int i = 0; i < directories; i++)
        {
            ulong next = 0x2000 + (ulong)i * 0x1000;
            gpu.PokeVram(table, v3 ? next | 2 : next >> 4 | 2);
            table = next;
        }

        return table;
    }
}
