using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

public class MapAndUnmapTests
{
    private const ulong Page = VmmFixture.Page;

    public static TheoryData<GpuArchitecture> Families() => new(Enum.GetValues<GpuArchitecture>());

    [Theory]
    [MemberData(nameof(Families))]
    public void Scattered_frames_are_mapped_page_by_page_and_unmapped_again(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        Pfn[] frames = VmmFixture.Scattered(700);
        MappedRange range = f.Vmm.MapPages(frames, PageAttributes.ReadWrite);
        Assert.Equal(new VirtualAddress(0), range.Start);
        Assert.Equal(700UL, f.Vmm.ReservedPages);
        f.AssertMapped(0, frames, pageSize: Page);
        f.AssertUnmapped(700 * Page, 100);

        f.Vmm.UnmapPages(range);
        Assert.False(range.IsMapped);
        Assert.Equal(0UL, f.Vmm.ReservedPages);
        f.AssertUnmapped(0, 700);
        f.AssertConserved();
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Read_only_and_writable_neighbours(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        Pfn[] frames = VmmFixture.Scattered(20);
        MappedRange first = f.Vmm.MapPages(frames.AsSpan(0, 10), PageAttributes.ReadOnly);
        MappedRange second = f.Vmm.MapPages(frames.AsSpan(10), PageAttributes.ReadWrite);
        Assert.Equal(10 * Page, second.Start.Raw);
        f.AssertMapped(0, frames.AsSpan(0, 10), writable: false);
        f.AssertMapped(10 * Page, frames.AsSpan(10));
        Assert.Equal(MmuFault.ReadOnly, f.See(9 * Page, write: true).Fault);
        Assert.Equal(MmuFault.None, f.See(10 * Page, write: true).Fault);
        Assert.Equal(PageAttributes.ReadOnly, f.Vmm.ReadMapping(new VirtualAddress(5 * Page + 17))!.Value.Attributes);
        f.Vmm.UnmapPages(first);
        f.AssertUnmapped(0, 10);
        f.AssertMapped(10 * Page, frames.AsSpan(10));
        f.Vmm.UnmapPages(second);
    }

    // Across the boundaries of every level: 2 MiB, 512 MiB, 256 GiB, 128 TiB and (V3) 2^56.
    [Theory]
    [InlineData(GpuArchitecture.Turing, 21)]
    [InlineData(GpuArchitecture.Turing, 29)]
    [InlineData(GpuArchitecture.Ampere, 38)]
    [InlineData(GpuArchitecture.Ada, 47)]
    [InlineData(GpuArchitecture.Hopper, 21)]
    [InlineData(GpuArchitecture.Hopper, 29)]
    [InlineData(GpuArchitecture.Hopper, 38)]
    [InlineData(GpuArchitecture.Blackwell, 47)]
    [InlineData(GpuArchitecture.Blackwell, 56)]
    public void Across_a_boundary_with_exactly_the_tables_it_takes(GpuArchitecture architecture, int bit)
    {
        using var f = new VmmFixture(architecture);
        ulong start = (1UL << bit) - Page;
        using PreparedMapping job = f.Vmm.PrepareMap(2, VmmFixture.At(start, PageSizes.Size4K));
        Assert.Equal((int)f.Vmm.Version.TablesFor(new VirtualAddress(start).Vfn, 2), job.TableCount);
        Pfn[] frames = VmmFixture.Scattered(2);
        MappedRange range = f.Vmm.ExecuteMap(job, frames, PageAttributes.ReadWrite);
        Assert.Equal(0, job.TableCount);
        f.AssertMapped(start, frames);
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(start, 2);
        f.Vmm.TrimTables();
        Assert.Equal(1, f.Vmm.OwnedFrames);
        f.AssertConserved();
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_last_page_of_the_address_space(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        ulong last = (1UL << f.Vmm.Version.AddressBits()) - Page;
        Pfn[] frames = VmmFixture.Scattered(1);
        MappedRange range = f.Vmm.MapPages(frames, PageAttributes.ReadWrite, VmmFixture.At(last));
        f.AssertMapped(last, frames);
        f.Vmm.UnmapPages(range);
    }

    [Fact]
    public void Chosen_addresses_are_the_lowest_that_fit()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        Pfn[] frames = VmmFixture.Scattered(64);
        MappedRange[] ranges = [.. Enumerable.Range(0, 4).Select(i => f.Vmm.MapPages(frames.AsSpan(0, 16), PageAttributes.ReadWrite))];
        f.Vmm.UnmapPages(ranges[1]);
        f.Vmm.UnmapPages(ranges[2]);
        MappedRange fits = f.Vmm.MapPages(frames.AsSpan(0, 20), PageAttributes.ReadWrite);
        Assert.Equal(16 * Page, fits.Start.Raw);
        MappedRange small = f.Vmm.MapPages(frames.AsSpan(0, 12), PageAttributes.ReadWrite);
        Assert.Equal(36 * Page, small.Start.Raw);
        MappedRange aligned = f.Vmm.MapPages(frames.AsSpan(0, 1), PageAttributes.ReadWrite, new MapOptions { Alignment = 2 << 20 });
        Assert.Equal(2UL << 20, aligned.Start.Raw);
        foreach (MappedRange range in new[] { ranges[0], ranges[3], fits, small, aligned })
            f.Vmm.UnmapPages(range);
        Assert.Equal(0UL, f.Vmm.ReservedPages);
    }

    [Fact]
    public void Kind_and_privilege_reach_the_entries()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        var attributes = new PageAttributes(true, PteKind.Generic, Privileged: true);
        MappedRange range = f.Vmm.MapPages(VmmFixture.Scattered(1), attributes);
        Assert.Equal(6, f.See(0).Kind);
        Assert.Equal(attributes, f.Vmm.ReadMapping(default)!.Value.Attributes);
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(0, 1);
    }

    [Fact]
    public void A_disposed_manager_has_unmapped_everything_and_freed_every_table()
    {
        var f = new VmmFixture(GpuArchitecture.Hopper);
        MappedRange range = f.Vmm.MapPages(VmmFixture.Scattered(2000), PageAttributes.ReadWrite);
        f.See(0);
        using PreparedMapping job = f.Vmm.PrepareMap(5);
        f.Vmm.Dispose();
        Assert.Equal(job.TableCount, f.Vram.Used);
        Assert.Equal(0, f.Gpu.Mmu.CachedEntries);
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.PrepareMap(1));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.UnmapPages(range));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.ReadMapping(default));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.ExecuteMap(job, VmmFixture.Scattered(5), default));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.Cleanup());
        job.Dispose();
        f.Dispose();
    }
}
