using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>
/// The flaws of the seed. Each test does the same thing twice: on the seed's way of doing it, where the flaw is seen, and here, where it
/// is not. (The wrong address layout is in MmuLayoutTests; finding and hiding pages of other sizes in PageSizeTests.)
/// </summary>
public class SeedFlawTests
{
    private const ulong Page = VmmFixture.Page;
    private const ulong Boundary512M = 0x2_0000;

    [Fact]
    public void The_bound_on_tables_holds_for_unaligned_ranges()
    {
        using var s = new Seeded();
        SeedPrepared two = s.Seed.PrepareMap(Boundary512M - 1, 2);
        Assert.Equal(5, SeedVmm.UpperBound(2));
        Assert.Equal(6, s.Seed.PendingTables);
        Assert.Equal("ENOMEM", Fails(() => s.Seed.ExecuteMap(two, VmmFixture.Scattered(2), true)));

        using var f = new VmmFixture(GpuArchitecture.Turing);
        MappedRange range = f.Vmm.MapPages(VmmFixture.Scattered(2), default, VmmFixture.At((Boundary512M - 1) * Page, PageSizes.Size4K));
        Assert.Equal(1 + 6, f.Vmm.OwnedFrames);
        f.Vmm.UnmapPages(range);
    }

    [Fact]
    public void Reservations_of_concurrent_prepares_add_up()
    {
        using var s = new Seeded();
        SeedPrepared first = s.Seed.PrepareMap(0, 1);
        s.Seed.PrepareMap(1UL << 35, 1);
        Assert.Equal(8, s.Seed.PendingTables);
        Assert.Equal(5, s.Seed.Reserved);
        Assert.Equal("ENOMEM", Fails(() => s.Seed.ExecuteMap(first, VmmFixture.Scattered(1), true)));

        using var f = new VmmFixture(GpuArchitecture.Turing);
        PreparedMapping[] jobs = [.. Enumerable.Range(0, 4).Select(i => f.Vmm.PrepareMap(1, VmmFixture.At((ulong)i << 47)))];
        MappedRange[] ranges = [.. jobs.Select(j => f.Vmm.ExecuteMap(j, VmmFixture.Scattered(1), PageAttributes.ReadWrite))];
        for (int i = 0; i < 4; i++)
            f.AssertMapped((ulong)i << 47, VmmFixture.Scattered(1));
        foreach (MappedRange range in ranges)
            f.Vmm.UnmapPages(range);
    }

    [Fact]
    public void Two_jobs_that_miss_the_same_table_agree_and_the_second_one_comes_back()
    {
        using var f = new VmmFixture(GpuArchitecture.Hopper);
        using PreparedMapping first = f.Vmm.PrepareMap(3, VmmFixture.At(0));
        using PreparedMapping second = f.Vmm.PrepareMap(3, VmmFixture.At(3 * Page));
        Assert.Equal(first.TableCount, second.TableCount);
        int both = f.Vram.Used;
        MappedRange late = f.Vmm.ExecuteMap(second, VmmFixture.Scattered(3, 2), PageAttributes.ReadWrite);
        MappedRange early = f.Vmm.ExecuteMap(first, VmmFixture.Scattered(3, 1), PageAttributes.ReadWrite);
        f.AssertMapped(0, VmmFixture.Scattered(3, 1));
        f.AssertMapped(3 * Page, VmmFixture.Scattered(3, 2));
        Assert.Equal(both, f.Vram.Used);
        f.Vmm.Cleanup();
        Assert.Equal(1 + 5, f.Vram.Used);
        f.Vmm.UnmapPages(late);
        f.Vmm.UnmapPages(early);
    }

    [Fact]
    public void A_failure_while_tables_are_linked_frees_none_that_the_hardware_reaches()
    {
        using var s = new Seeded();
        SeedPrepared two = s.Seed.PrepareMap(Boundary512M - 1, 2);
        Fails(() => s.Seed.ExecuteMap(two, VmmFixture.Scattered(2), true));
        Assert.NotEmpty(Freed(s.Vram, Tables(s.Gpu, s.Root)));

        using var f = new VmmFixture(GpuArchitecture.Turing);
        for (int k = 0; k < 8; k++)
        {
            using PreparedMapping job = f.Vmm.PrepareMap(2, VmmFixture.At((Boundary512M - 1) * Page));
            f.Gpu.Faults.FailWriteAfter(k);
            Record.Exception(() => f.Vmm.ExecuteMap(job, VmmFixture.Scattered(2), default));
            f.Gpu.Faults.Clear();
            Assert.Empty(Freed(f.Vram, Tables(f.Gpu, f.Root)));
            job.Dispose();
            Assert.Empty(Freed(f.Vram, Tables(f.Gpu, f.Root)));
        }
    }

    [Fact]
    public void A_failure_between_two_entries_leaves_none_of_them_over_addresses_that_are_free()
    {
        using var s = new Seeded();
        SeedPrepared job = s.Seed.PrepareMap(0, 8);
        s.Gpu.Faults.FailWriteAfter(4 + 1 + 5);
        Assert.Throws<GpuAccessException>(() => s.Seed.ExecuteMap(job, VmmFixture.Scattered(8), true));
        Assert.Equal(0, s.Seed.ReservedPages);
        Assert.True(s.Gpu.Mmu.Translate(s.Root, 4 * Page).IsMapped);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        PreparedMapping ours = f.Vmm.PrepareMap(8);
        f.Gpu.Faults.FailWriteAfter(4 + 5);
        Assert.Throws<GpuAccessException>(() => f.Vmm.ExecuteMap(ours, VmmFixture.Scattered(8), PageAttributes.ReadWrite));
        Assert.Equal(8UL, f.Vmm.ReservedPages);
        f.AssertUnmapped(0, 8);
        ours.Dispose();
    }

    [Fact]
    public void What_is_mapped_is_not_overwritten()
    {
        using var s = new Seeded();
        s.Seed.ExecuteMap(s.Seed.PrepareMap(0, 1), VmmFixture.Scattered(1, 1), true);
        PlantPage(s.Gpu, s.Root, 5 * Page);
        s.Seed.ExecuteMap(s.Seed.PrepareMap(4, 2), VmmFixture.Scattered(2, 2), true);
        Assert.NotEqual(0x9_9000UL, s.Gpu.Mmu.TranslateUncached(s.Root, 5 * Page).Physical);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        MappedRange first = f.Vmm.MapPages(VmmFixture.Scattered(1, 1), PageAttributes.ReadWrite);
        PlantPage(f.Gpu, f.Root, 5 * Page);
        foreach (PageSizes sizes in new[] { PageSizes.Size4K, PageSizes.All })
        {
            using PreparedMapping job = f.Vmm.PrepareMap(1024 + 64, VmmFixture.At(Page, sizes));
            Assert.Throws<InvalidOperationException>(
                () => f.Vmm.ExecuteMap(job, VmmFixture.Contiguous(0x2_0001, 1024 + 64), PageAttributes.ReadWrite));
            Assert.Equal(0x9_9000UL, f.See(5 * Page).Physical);
            f.AssertUnmapped(Page, 4);
            f.AssertUnmapped(6 * Page, 1024);
        }

        f.Vmm.UnmapPages(first);
    }

    [Fact]
    public void A_flush_that_fails_leaves_no_live_entry_over_addresses_that_are_free()
    {
        using var s = new Seeded();
        SeedPrepared job = s.Seed.PrepareMap(0, 2);
        s.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => s.Seed.ExecuteMap(job, VmmFixture.Scattered(2), true));
        Assert.Equal(0, s.Seed.ReservedPages);
        Assert.True(s.Gpu.Mmu.TranslateUncached(s.Root, 0).IsMapped);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        using PreparedMapping ours = f.Vmm.PrepareMap(2);
        f.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => f.Vmm.ExecuteMap(ours, VmmFixture.Scattered(2), PageAttributes.ReadWrite));
        f.AssertUnmapped(0, 2);
        Assert.Equal(2UL, f.Vmm.ReservedPages);
        f.Gpu.Faults.Clear();
    }

    [Fact]
    public void An_unmap_whose_flush_fails_keeps_the_addresses()
    {
        using var s = new Seeded();
        SeedPrepared mapped = s.Seed.ExecuteMap(s.Seed.PrepareMap(0, 2), VmmFixture.Scattered(2), true);
        Assert.True(s.Gpu.Mmu.Translate(s.Root, 0).IsMapped);
        s.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => s.Seed.UnmapPages(mapped));
        Assert.Equal(0, s.Seed.ReservedPages);
        Assert.True(s.Gpu.Mmu.Translate(s.Root, 0).IsMapped);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        MappedRange range = f.Vmm.MapPages(VmmFixture.Scattered(2), PageAttributes.ReadWrite);
        Assert.True(f.See(0).IsMapped);
        f.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => f.Vmm.UnmapPages(range));
        Assert.Equal(2UL, f.Vmm.ReservedPages);
        f.AssertMapped(0, VmmFixture.Scattered(2));
        f.Gpu.Faults.Clear();
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(0, 2);
    }

    [Fact]
    public void A_dropped_prepare_gives_everything_back()
    {
        using var s = new Seeded();
        int before = s.Vram.Used;
        s.Seed.Drop(s.Seed.PrepareMap(0, 700));
        Assert.True(s.Vram.Used > before);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        PreparedMapping job = f.Vmm.PrepareMap(700);
        Assert.True(f.Vram.Used > 1);
        job.Dispose();
        job.Dispose();
        Assert.Equal(1, f.Vram.Used);
        Assert.Equal(0UL, f.Vmm.ReservedPages);
    }

    [Fact]
    public void A_wrong_number_of_frames_costs_nothing()
    {
        using var s = new Seeded();
        SeedPrepared job = s.Seed.PrepareMap(0, 2);
        Fails(() => s.Seed.ExecuteMap(job, VmmFixture.Scattered(3), true));
        Assert.Equal(0, s.Seed.ReservedPages);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        using PreparedMapping ours = f.Vmm.PrepareMap(2);
        Assert.Throws<ArgumentException>(() => f.Vmm.ExecuteMap(ours, VmmFixture.Scattered(3), default));
        Assert.Equal(2UL, f.Vmm.ReservedPages);
        f.Vmm.UnmapPages(f.Vmm.ExecuteMap(ours, VmmFixture.Scattered(2), default));
    }

    [Fact]
    public void Tables_outlive_every_entry_that_leads_to_them()
    {
        using var s = new Seeded();
        s.Seed.ExecuteMap(s.Seed.PrepareMap(0, 2), VmmFixture.Scattered(2), true);
        s.Seed.Dispose();
        Assert.NotEmpty(Freed(s.Vram, Tables(s.Gpu, s.Root)));

        using var f = new VmmFixture(GpuArchitecture.Turing);
        ulong root = 0x8_0000;
        Vmm firmware = Vmm.Attach(f.Mm, new VramAddress(root));
        firmware.MapPages(VmmFixture.Scattered(2), PageAttributes.ReadWrite);
        Assert.NotEmpty(Tables(f.Gpu, root));
        Assert.True(f.Gpu.Mmu.Translate(root, 0).IsMapped);
        firmware.Dispose();
        Assert.Empty(Tables(f.Gpu, root));
        Assert.False(f.Gpu.Mmu.Translate(root, 0).IsMapped);
        Assert.Equal(1, f.Vram.Used);
    }

    [Fact]
    public void One_root_has_one_manager()
    {
        using var s = new Seeded();
        var second = new SeedVmm(s.Mm, new VramAddress(s.Root));
        SeedPrepared a = s.Seed.PrepareMap(0, 1);
        SeedPrepared b = second.PrepareMap(0, 1);
        Assert.Equal(a, b);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        Assert.Throws<ArgumentException>("root", () => Vmm.Attach(f.Mm, f.Vmm.Root));
        Vmm other = Vmm.Attach(f.Mm, new VramAddress(0x8_0000));
        Assert.Throws<ArgumentException>("root", () => Vmm.Attach(f.Mm, new VramAddress(0x8_0000)));
        other.Dispose();
        Vmm.Attach(f.Mm, new VramAddress(0x8_0000)).Dispose();
    }

    [Fact]
    public void Unmap_waits_for_the_far_TLBs()
    {
        using var s = new Seeded();
        SeedPrepared mapped = s.Seed.ExecuteMap(s.Seed.PrepareMap(0, 2), VmmFixture.Scattered(2), true);
        s.Gpu.Mmu.Translate(s.Root, 0);
        s.Gpu.Faults.TlbGlobalLag = 1_000_000;
        s.Seed.UnmapPages(mapped);
        Assert.True(s.Gpu.Mmu.Translate(s.Root, 0).IsMapped);

        using var f = new VmmFixture(GpuArchitecture.Turing);
        MappedRange range = f.Vmm.MapPages(VmmFixture.Scattered(2), PageAttributes.ReadWrite);
        f.See(0);
        f.Gpu.Faults.TlbGlobalLag = 1_000_000;
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(0, 2);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void A_map_waits_for_them_only_where_they_may_know_what_it_changed(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        const ulong lag = 1_000_000;
        f.Gpu.Faults.TlbGlobalLag = lag;

        // New entries: nothing that was invalid is cached.
        f.See(0);
        ulong before = f.Gpu.TimerNanoseconds;
        Pfn[] small = VmmFixture.Scattered(16);
        MappedRange first = f.Vmm.MapPages(small, PageAttributes.ReadWrite, VmmFixture.At(0));
        Assert.True(f.Gpu.TimerNanoseconds - before < lag);
        f.AssertMapped(0, small);

        // The directory entry is cached by now, without a table of big pages.
        Pfn[] big = VmmFixture.Contiguous(0x2_0000, 16);
        MappedRange second = f.Vmm.MapPages(big, PageAttributes.ReadWrite, VmmFixture.At(0x1_0000));
        f.AssertMapped(0x1_0000, big, pageSize: 0x1_0000);
        f.Vmm.UnmapPages(first);
        f.Vmm.UnmapPages(second);

        // The other way round: cached with big pages only, then small ones come.
        MappedRange bigFirst = f.Vmm.MapPages(big, PageAttributes.ReadWrite, VmmFixture.At(0x40_0000));
        f.AssertMapped(0x40_0000, big);
        MappedRange smallThen = f.Vmm.MapPages(small, PageAttributes.ReadWrite, VmmFixture.At(0x41_0000));
        f.AssertMapped(0x41_0000, small);
        f.Vmm.UnmapPages(bigFirst);
        f.Vmm.UnmapPages(smallThen);

        // And now it becomes a page itself.
        f.See(0);
        Pfn[] huge = VmmFixture.Contiguous(0x2_0000, 512);
        MappedRange third = f.Vmm.MapPages(huge, PageAttributes.ReadWrite, VmmFixture.At(0));
        f.AssertMapped(0, huge, pageSize: 2 << 20);
        f.Vmm.UnmapPages(third);
        f.AssertUnmapped(0, 512);
    }

    [Fact]
    public void Linking_a_table_of_small_pages_keeps_the_table_of_big_ones()
    {
        using var s = new Seeded();
        s.Seed.ExecuteMap(s.Seed.PrepareMap(0, 1), VmmFixture.Scattered(1), true);
        ulong dual = Tables(s.Gpu, s.Root).Single(t => t.Level == PageTableLevel.L3).Address;
        ulong big = DualPde.BigHalf(MmuVersion.V2, new VramAddress(0x9_9100));
        s.Gpu.PokeVram(dual + 16, big);
        s.Seed.ExecuteMap(s.Seed.PrepareMap(512, 1), VmmFixture.Scattered(1), true);
        Assert.Equal(0UL, s.Gpu.PeekVram(dual + 16));

        using var f = new VmmFixture(GpuArchitecture.Turing);
        Pfn[] frames = VmmFixture.Contiguous(0x2_0000, 16);
        MappedRange first = f.Vmm.MapPages(frames, PageAttributes.ReadWrite, VmmFixture.At(0x20_0000));
        MappedRange second = f.Vmm.MapPages(VmmFixture.Scattered(3), PageAttributes.ReadWrite, VmmFixture.At(0x22_0000));
        f.AssertMapped(0x20_0000, frames, pageSize: 0x1_0000);
        f.AssertMapped(0x22_0000, VmmFixture.Scattered(3));
        f.Vmm.UnmapPages(first);
        f.Vmm.UnmapPages(second);
    }

    private static string Fails(Action action) => Assert.Throws<InvalidOperationException>(action).Message;

    /// <summary>A valid entry that nobody told the driver about, in a table that exists.</summary>
    private static void PlantPage(SimulatedGpu gpu, ulong root, ulong address)
    {
        ulong table = Tables(gpu, root).Single(t => t.Level == PageTableLevel.L4).Address;
        gpu.PokeVram(table + (address >> 12 & 511) * 8, Pte.Vram(MmuVersion.V2, new Pfn(0x99), PageAttributes.ReadWrite).Raw);
    }

    private static IEnumerable<ulong> Freed(TestVram vram, IEnumerable<(ulong Address, PageTableLevel Level)> tables) =>
        tables.Select(t => t.Address >> 12).Where(t => !vram.IsUsed(t));

    /// <summary>Every table that V2 hardware can reach from a root, the root aside.</summary>
    private static List<(ulong Address, PageTableLevel Level)> Tables(SimulatedGpu gpu, ulong root)
    {
        var found = new List<(ulong, PageTableLevel)>();
        Visit(root, PageTableLevel.Pdb);
        return found;

        void Visit(ulong table, PageTableLevel level)
        {
            int step = level == PageTableLevel.L3 ? 16 : 8;
            for (int i = 0; i < MmuVersion.V2.EntriesPerTable(level) && level < PageTableLevel.L4; i++)
            {
                ulong word = gpu.PeekVram(table + (ulong)(i * step) + (step == 16 ? 8UL : 0));
                if ((word & 7) != 2)
                    continue;
                ulong child = (word >> 8 & 0x1FF_FFFF) << 12;
                found.Add((child, level + 1));
                Visit(child, level + 1);
            }
        }
    }

    private sealed class Seeded : IDisposable
    {
        public Seeded()
        {
            Vram = new TestVram(Gpu, 200);
            Mm = new GpuMm(Gpu, Vram);
            Seed = new SeedVmm(Mm, new VramAddress(Root));
        }

        public SimulatedGpu Gpu { get; } = new(GpuArchitecture.Turing, 8UL << 30);

        public TestVram Vram { get; }

        public GpuMm Mm { get; }

        public SeedVmm Seed { get; }

        public ulong Root => 0x8_0000;

        public void Dispose() => Gpu.Dispose();
    }
}
