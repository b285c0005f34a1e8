using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>A root that firmware built, with tables and pages of its own.</summary>
public class AttachTests
{
    private const ulong Page = VmmFixture.Page;
    private const ulong Root = 0x8_0000;

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void What_firmware_mapped_stays_and_its_tables_are_used_but_never_freed(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        ulong pages = BuildFirmwareTables(f.Gpu, f.Mm.Version, out ulong leaf);
        Vmm vmm = Vmm.Attach(f.Mm, new VramAddress(Root));
        Assert.Equal(pages, vmm.ReservedPages);
        Assert.Equal(0, vmm.OwnedFrames);

        // Page 3 and 4 of the first table, the second 2 MiB, and sparse behind it are firmware's.
        foreach (ulong taken in new ulong[] { 3, 4, 512, 1023, 1024, 1535 })
            Assert.Throws<ArgumentException>("options", () => vmm.PrepareMap(1, VmmFixture.At(taken * Page)));
        Pfn[] low = VmmFixture.Scattered(3, 1);
        MappedRange first = vmm.MapPages(low, PageAttributes.ReadWrite);
        Assert.Equal(0UL, first.Start.Raw);
        MappedRange next = vmm.MapPages(VmmFixture.Scattered(4, 2), PageAttributes.ReadWrite);
        Assert.Equal(5 * Page, next.Start.Raw);
        MappedRange above = vmm.MapPages(VmmFixture.Contiguous(0x2_0000, 512), PageAttributes.ReadWrite, VmmFixture.At(1536 * Page));
        MappedRange far = vmm.MapPages(VmmFixture.Scattered(4, 3), PageAttributes.ReadWrite, VmmFixture.At(1UL << 46));
        vmm.Cleanup();

        // The small pages went into firmware's own table.
        Assert.NotEqual(0UL, f.Gpu.PeekVram(leaf));
        AssertSees(f.Gpu, 0, low);
        AssertSees(f.Gpu, 5 * Page, VmmFixture.Scattered(4, 2));
        AssertSees(f.Gpu, 1536 * Page, VmmFixture.Contiguous(0x2_0000, 512));
        AssertSees(f.Gpu, 1UL << 46, VmmFixture.Scattered(4, 3));
        AssertFirmware(f.Gpu);

        vmm.UnmapPages(above);
        Assert.False(f.Gpu.Mmu.Translate(Root, 1536 * Page).IsMapped);
        vmm.TrimTables();
        AssertFirmware(f.Gpu);
        Assert.True(first.IsMapped && next.IsMapped && far.IsMapped);

        // Disposing takes away ours, also from tables that stay, and nothing else.
        vmm.Dispose();
        Assert.Equal(1, f.Vram.Used);
        foreach (ulong gone in new ulong[] { 0, 5 * Page, 1536 * Page, 1UL << 46 })
            Assert.False(f.Gpu.Mmu.Translate(Root, gone).IsMapped);
        AssertFirmware(f.Gpu);
        Vmm again = Vmm.Attach(f.Mm, new VramAddress(Root));
        Assert.Equal(pages, again.ReservedPages);
        again.Dispose();
    }

    [Fact]
    public void The_slot_that_nova_marks_empty_with_bit_0_is_empty()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        for (ulong i = 0; i < 4; i++)
            f.Gpu.PokeVram(Root + i * 8, 1);
        Vmm vmm = Vmm.Attach(f.Mm, new VramAddress(Root));
        Assert.Equal(0UL, vmm.ReservedPages);
        MappedRange range = vmm.MapPages(VmmFixture.Scattered(2), PageAttributes.ReadWrite);
        AssertSees(f.Gpu, 0, VmmFixture.Scattered(2));
        vmm.UnmapPages(range);
        vmm.Dispose();
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void What_cannot_be_followed_is_left_alone(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        bool v3 = architecture == GpuArchitecture.Hopper;

        // A table in system memory, one behind the end of the video memory, a sparse slot.
        f.Gpu.PokeVram(Root, v3 ? 0x9_0004UL : 0x9004UL);
        Vmm vmm = Vmm.Attach(f.Mm, new VramAddress(Root));
        ulong slot = 1UL << (v3 ? 44 : 35);
        Assert.Equal(slot, vmm.ReservedPages);
        PreparedMapping job = vmm.PrepareMap(1);
        Assert.Equal(slot, job.Start.Vfn.Raw);
        job.Dispose();
        vmm.Dispose();
        Assert.Equal(v3 ? 0x9_0004UL : 0x9004UL, f.Gpu.PeekVram(Root));

        f.Gpu.PokeVram(Root, Pde.Vram(f.Mm.Version, new VramAddress(8UL << 30)).Raw);
        f.Gpu.PokeVram(Root + 8, 8);
        vmm = Vmm.Attach(f.Mm, new VramAddress(Root));
        Assert.Equal(2 * slot, vmm.ReservedPages);
        vmm.Dispose();
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Missed_Free_pages_beside_big_pages_of_firmware(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        BuildFirmwareTables(f.Gpu, f.Mm.Version, out ulong leaf);
        f.Gpu.PokeVram(leaf - 0x1000, DualPde.BigHalf(f.Mm.Version, new VramAddress(0x9_9100)));
        Vmm vmm = Vmm.Attach(f.Mm, new VramAddress(Root));

        // Nothing is mapped at 0, but the 2 MiB there have a big table that is not ours.
        Assert.Throws<ArgumentException>("options", () => vmm.PrepareMap(1, VmmFixture.At(0)));
        Assert.Equal(3UL * 512, vmm.ReservedPages);
        vmm.Dispose();
    }

    [Fact]
    public void A_table_that_cannot_be_read_is_an_error_and_the_root_stays_free()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        f.Gpu.Faults.FailReadAfter(0);
        Assert.Throws<GpuAccessException>(() => Vmm.Attach(f.Mm, new VramAddress(Root)));
        Vmm.Attach(f.Mm, new VramAddress(Root)).Dispose();
    }

    /// <summary>Pages 3 and 4 small, 512 to 1023 one page of 2 MiB, 1024 to 1535 sparse.</summary>
    private static ulong BuildFirmwareTables(SimulatedGpu gpu, MmuVersion version, out ulong leaf)
    {
        ulong table = Root;
        for (PageTableLevel level = PageTableLevel.Pdb; level < version.DualLevel(); level++)
        {
            gpu.PokeVram(table, Pde.Vram(version, new VramAddress(table + 0x1000)).Raw);
            table += 0x1000;
        }

        leaf = table + 0x1000;
        gpu.PokeVram(table + 8, DualPde.SmallHalf(version, new VramAddress(leaf)));
        gpu.PokeVram(table + 16, Pte.Vram(version, new Pfn(0x1_0000), PageAttributes.ReadOnly).Raw);
        gpu.PokeVram(table + 32, 8);
        gpu.PokeVram(leaf + 3 * 8, Pte.Vram(version, new Pfn(0x777), PageAttributes.ReadOnly).Raw);
        gpu.PokeVram(leaf + 4 * 8, Pte.Sparse(version).Raw);
        return 2 + 512 + 512;
    }

    private static void AssertFirmware(SimulatedGpu gpu)
    {
        Assert.Equal(0x77_7000UL, gpu.Mmu.Translate(Root, 3 * Page).Physical);
        Assert.Equal(MmuFault.Sparse, gpu.Mmu.Translate(Root, 4 * Page).Fault);
        Assert.Equal(
            (0x1000_5000UL, 2UL << 20), (gpu.Mmu.Translate(Root, 517 * Page).Physical, gpu.Mmu.Translate(Root, 517 * Page).PageSize));
        Assert.Equal(MmuFault.Sparse, gpu.Mmu.Translate(Root, 1100 * Page).Fault);
    }

    private static void AssertSees(SimulatedGpu gpu, ulong address, Pfn[] frames)
    {
        for (int i = 0; i < frames.Length; i++)
            Assert.Equal(frames[i].Address.Raw, gpu.Mmu.Translate(Root, address + (ulong)i * Page).Physical);
    }
}
