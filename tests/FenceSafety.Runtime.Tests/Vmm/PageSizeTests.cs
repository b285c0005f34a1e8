using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

public class PageSizeTests
{
    private const ulong Page = VmmFixture.Page;
    private const ulong K64 = 64 << 10;
    private const ulong M2 = 2 << 20;
    private const ulong M512 = 512 << 20;

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void The_largest_page_that_both_sides_allow(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        (ulong Address, ulong Frame, int Pages, ulong Size)[] cases =
        [
            (0x10_0000_0000, 0x2_0000, 512, M2),
            (0x11_0000_0000, 0x2_0010, 512, K64),
            (0x12_0000_0000, 0x2_0001, 512, Page),
            (0x13_0001_0000, 0x2_0000, 16, K64),
            (0x14_0000_1000, 0x2_0000, 32, Page),
            (0x15_0000_0000, 0x2_0000, 511, 0),
        ];
        foreach ((ulong address, ulong frame, int pages, ulong size) in cases)
        {
            Pfn[] frames = VmmFixture.Contiguous(frame, pages);
            MappedRange range = f.Vmm.MapPages(frames, PageAttributes.ReadWrite, VmmFixture.At(address));
            f.AssertMapped(address, frames, pageSize: size == 0 ? null : size);
            f.Vmm.UnmapPages(range);
            f.AssertUnmapped(address, (ulong)pages);
        }

        f.Vmm.TrimTables();
        Assert.Equal(1, f.Vram.Used);
    }

    [Fact]
    public void V3_maps_512_MiB_with_one_entry_and_V2_with_256()
    {
        foreach (var (architecture, size, entries) in new[] { (GpuArchitecture.Blackwell, M512, 1), (GpuArchitecture.Ada, M2, 256) })
        {
            using var f = new VmmFixture(architecture);
            Pfn[] frames = VmmFixture.Contiguous(0x2_0000, 0x2_0000);
            using PreparedMapping job = f.Vmm.PrepareMap((ulong)frames.Length, VmmFixture.At(M512));
            long before = f.Gpu.Counters.WordsWritten;
            MappedRange range = f.Vmm.ExecuteMap(job, frames, PageAttributes.ReadWrite);
            Assert.InRange(f.Gpu.Counters.WordsWritten - before, entries, entries + 4);
            Assert.Equal(size, f.See(M512 + 0x1234_5678).PageSize);
            Assert.Equal(M512 + 0x1234_5678, f.See(M512 + 0x1234_5678).Physical);
            Assert.False(f.See(M512 - 1).IsMapped);
            Assert.False(f.See(2 * M512).IsMapped);
            f.Vmm.UnmapPages(range);
            Assert.False(f.See(M512 + 0x1234_5678).IsMapped);

            // The tables for the worst case came along and go back.
            f.Vmm.TrimTables();
            Assert.Equal(1, f.Vram.Used);
        }
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void All_sizes_in_one_range(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);

        // Three scattered pages, 64 KiB, scattered up to 2 MiB, 2 MiB, 64 KiB and a half, an odd page.
        const ulong start = 0x4000_D000;
        Pfn[] frames =
        [
            .. VmmFixture.Scattered(3, 1), .. VmmFixture.Contiguous(0x3_0000, 16), .. VmmFixture.Scattered(480, 2),
            .. VmmFixture.Contiguous(0x4_0000, 512), .. VmmFixture.Contiguous(0x5_0000, 24), .. VmmFixture.Scattered(1, 3),
        ];
        MappedRange range = f.Vmm.MapPages(frames, PageAttributes.ReadWrite, VmmFixture.At(start));
        f.AssertMapped(start, frames);
        Assert.Equal(Page, f.See(start).PageSize);
        Assert.Equal(K64, f.See(start + 3 * Page).PageSize);
        Assert.Equal(M2, f.See(0x4020_0000).PageSize);
        Assert.Equal(K64, f.See(0x4040_0000).PageSize);
        Assert.Equal(Page, f.See(0x4041_0000).PageSize);
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(start, (ulong)frames.Length);
        f.AssertConserved();
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing, PageSizes.Size4K, Page)]
    [InlineData(GpuArchitecture.Turing, PageSizes.Size64K, K64)]
    [InlineData(GpuArchitecture.Turing, PageSizes.Size2M, M2)]
    [InlineData(GpuArchitecture.Turing, PageSizes.Size512M, Page)]
    [InlineData(GpuArchitecture.Hopper, PageSizes.Size4K, Page)]
    [InlineData(GpuArchitecture.Hopper, PageSizes.Size64K, K64)]
    [InlineData(GpuArchitecture.Hopper, PageSizes.Size2M | PageSizes.Size64K, M2)]
    public void Only_the_sizes_that_are_allowed(GpuArchitecture architecture, PageSizes allowed, ulong size)
    {
        using var f = new VmmFixture(architecture);
        Pfn[] frames = VmmFixture.Contiguous(0x2_0000, 1024);
        MappedRange range = f.Vmm.MapPages(frames, PageAttributes.ReadWrite, VmmFixture.At(M2, allowed));
        f.AssertMapped(M2, frames, pageSize: size);
        f.Vmm.UnmapPages(range);
    }

    /// <summary>Every ordered pair of shapes over the same addresses, without trimming in between: what one left, the next must cope
    /// with.</summary>
    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Blackwell)]
    public void One_shape_after_another_over_the_same_addresses(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture, frames: 4000);
        Pfn[][] shapes =
        [
            VmmFixture.Scattered(512),
            VmmFixture.Contiguous(0x2_0010, 512),
            VmmFixture.Contiguous(0x2_0000, 512),
            [.. VmmFixture.Contiguous(0x3_0000, 48), .. VmmFixture.Scattered(464)],
            [.. VmmFixture.Scattered(48), .. VmmFixture.Contiguous(0x3_0000, 464)],
        ];
        foreach (Pfn[] before in shapes)
        {
            foreach (Pfn[] after in shapes)
            {
                MappedRange first = f.Vmm.MapPages(before, PageAttributes.ReadWrite, VmmFixture.At(M512));
                f.AssertMapped(M512, before);
                f.Vmm.UnmapPages(first);
                f.AssertUnmapped(M512, 512);
                MappedRange second = f.Vmm.MapPages(after, PageAttributes.ReadOnly, VmmFixture.At(M512));
                f.AssertMapped(M512, after, writable: false);

                // And an unmap that fails at the last moment brings back this mapping, not the one before.
                f.Gpu.Faults.TlbHang = true;
                Assert.Throws<GpuTimeoutException>(() => f.Vmm.UnmapPages(second));
                f.Gpu.Faults.Clear();
                f.AssertMapped(M512, after, writable: false);
                f.Vmm.UnmapPages(second);
                f.AssertUnmapped(M512, 512);
            }
        }
    }

    [Fact]
    public void A_giant_page_hides_tables_that_come_back_when_it_goes()
    {
        using var f = new VmmFixture(GpuArchitecture.Hopper, frames: 4000);
        Pfn[] small = VmmFixture.Scattered(300);
        MappedRange first = f.Vmm.MapPages(small, PageAttributes.ReadWrite, VmmFixture.At(M512 + 77 * Page));
        MappedRange huge = f.Vmm.MapPages(VmmFixture.Contiguous(0x4_0000, 512), PageAttributes.ReadWrite, VmmFixture.At(M512 + 8 * M2));
        f.Vmm.UnmapPages(first);
        f.Vmm.UnmapPages(huge);
        MappedRange giant = f.Vmm.MapPages(VmmFixture.Contiguous(0x2_0000, 0x2_0000), PageAttributes.ReadWrite, VmmFixture.At(M512));
        Assert.Equal(M512, f.See(M512 + 77 * Page).PageSize);
        f.Vmm.UnmapPages(giant);
        f.AssertUnmapped(M512 + 70 * Page, 400);
        f.AssertUnmapped(M512 + 8 * M2, 512);
        MappedRange again = f.Vmm.MapPages(small, PageAttributes.ReadWrite, VmmFixture.At(M512 + 77 * Page));
        f.AssertMapped(M512 + 77 * Page, small);
        f.AssertUnmapped(M512, 77);
        f.Vmm.UnmapPages(again);
        f.Vmm.TrimTables();
        Assert.Equal(1, f.Vram.Used);
    }
}
