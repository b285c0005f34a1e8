using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.Mmu;

public class PageTableWalkerTests
{
    private const ulong Root = 0x1000;

    /// <summary>Random tables of all entry kinds: the driver's walker and the hardware must agree on every page.</summary>
    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Agrees_with_the_hardware_on_random_tables(GpuArchitecture architecture)
    {
        MmuVersion version = architecture.MmuVersion();
        var random = new Random(17);
        int mapped = 0;
        int sparse = 0;
        for (int round = 0; round < 60; round++)
        {
            using var gpu = new SimulatedGpu(architecture, 2UL << 30);
            ulong next = 0x10_0000;
            var pages = new HashSet<ulong>();
            Fill(gpu, version, random, Root, PageTableLevel.Pdb, 0, ref next, pages);
            var pramin = new Pramin(gpu);
            var walker = new PageTableWalker(version, new VramAddress(Root));
            using PraminWindow window = pramin.Window();
            foreach (ulong vfn in pages)
            {
                WalkResult driver = walker.Walk(in window, new Vfn(vfn));
                Translation hardware = gpu.Mmu.TranslateUncached(Root, vfn << 12);
                Assert.Equal(hardware.IsMapped, driver.Outcome == WalkOutcome.Mapped);
                Assert.Equal(hardware.Fault == MmuFault.Sparse, driver.Outcome == WalkOutcome.Sparse);
                sparse += hardware.Fault == MmuFault.Sparse ? 1 : 0;
                if (!hardware.IsMapped)
                    continue;
                mapped++;
                Assert.Equal(hardware.PageSize >> 12, 1UL << driver.PageShift);
                Assert.Equal(hardware.Physical >> 12, driver.Entry.Frame.Raw + (vfn & ((1UL << driver.PageShift) - 1)));
                Assert.Equal(hardware.Writable, driver.Entry.Attributes.Writable);
            }
        }

        Assert.True(mapped > 1000 && sparse > 100, $"{mapped} mapped, {sparse} sparse: the random tables say too little.");
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing, 49)]
    [InlineData(GpuArchitecture.Hopper, 57)]
    public void A_page_behind_the_address_space_is_refused(GpuArchitecture architecture, int bits)
    {
        using var gpu = new SimulatedGpu(architecture, 1 << 20);
        var pramin = new Pramin(gpu);
        var walker = new PageTableWalker(architecture.MmuVersion(), new VramAddress(Root));
        using PraminWindow window = pramin.Window();
        WalkResult last = walker.Walk(in window, new Vfn((1UL << (bits - 12)) - 1));
        Assert.Equal(new WalkResult(WalkOutcome.TableMissing, PageTableLevel.Pdb, new VramAddress(bits == 49 ? 0x1018UL : 0x1008UL)), last);
        try
        {
            walker.Walk(in window, new Vfn(1UL << (bits - 12)));
            Assert.Fail("not refused");
        }
        catch (ArgumentOutOfRangeException refused)
        {
            Assert.Equal("vfn", refused.ParamName);
        }
    }

    [Fact]
    public void A_table_in_system_memory_counts_as_missing()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        gpu.PokeVram(Root, 0x2004);
        var pramin = new Pramin(gpu);
        using PraminWindow window = pramin.Window();
        Assert.Equal(
            WalkOutcome.TableMissing, new PageTableWalker(MmuVersion.V2, new VramAddress(Root)).Walk(in window, default).Outcome);
    }

    private static void Fill(
        SimulatedGpu gpu, MmuVersion version, Random random, ulong table,
        PageTableLevel level, ulong firstVfn, ref ulong next, HashSet<ulong> pages)
    {
        int shift = version.EntryShift(level);
        for (int i = 0; i < 4; i++)
        {
            int index = random.Next(version.EntriesPerTable(level));
            ulong vfn = firstVfn + ((ulong)index << shift);
            ulong slot = table + (ulong)(index * version.EntrySize(level));
            ulong inSpan = vfn + (ulong)random.NextInt64(1L << shift);
            if (gpu.PeekVram(slot) != 0)
                continue;
            pages.Add(inSpan);
            if (level == version.PteLevel())
            {
                gpu.PokeVram(slot, Leaf(version, random, shift));
                continue;
            }

            bool dual = level == version.DualLevel();
            int kind = random.Next(8);
            bool hugeAllowed = dual || (version == MmuVersion.V3 && shift == 17);
            if (kind == 0 && hugeAllowed)
                gpu.PokeVram(slot, Pte.Vram(version, Frame(random, shift), new PageAttributes(random.Next(2) == 0)).Raw);
            else if (kind == 1)
                gpu.PokeVram(slot, 8);
            else
                Descend(gpu, version, random, slot, level, vfn, kind, ref next, pages);
        }
    }

    private static void Descend(
        SimulatedGpu gpu, MmuVersion version, Random random, ulong slot,
        PageTableLevel level, ulong vfn, int kind, ref ulong next, HashSet<ulong> pages)
    {
        ulong child = next += 0x1000;
        if (level != version.DualLevel())
        {
            gpu.PokeVram(slot, Pde.Vram(version, new VramAddress(child)).Raw);
            Fill(gpu, version, random, child, level + 1, vfn, ref next, pages);
            return;
        }

        if (kind < 6)
        {
            gpu.PokeVram(slot + 8, DualPde.SmallHalf(version, new VramAddress(child)));
            Fill(gpu, version, random, child, version.PteLevel(), vfn, ref next, pages);
        }

        if (kind < 4)
            return;
        ulong big = (next += 0x1000) + (ulong)random.Next(16) * 256;
        gpu.PokeVram(slot, DualPde.BigHalf(version, new VramAddress(big)));
        for (int i = 0; i < 16; i++)
        {
            int index = random.Next(32);
            ulong entry = random.Next(3) == 0 ? Pte.NoSmallPages(version).Raw : Leaf(version, random, 4);
            gpu.PokeVram(big + (ulong)index * 8, entry);
            pages.Add(vfn + (ulong)(index * 16 + random.Next(16)));
        }
    }

    private static ulong Leaf(MmuVersion version, Random random, int shift) => random.Next(5) switch
    {
        0 => 0,
        1 => Pte.Sparse(version).Raw,
        _ => Pte.Vram(version, Frame(random, shift), new PageAttributes(random.Next(2) == 0)).Raw,
    };

    private static Pfn Frame(Random random, int shift) => new((ulong)random.Next(0x8_0000 >> shift) << shift);
}
