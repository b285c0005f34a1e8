using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>
/// A failure at every single access of prepare, execute and unmap, one after the other: free frames, reserved addresses and what the
/// hardware sees are as before, and the same call then succeeds.
/// </summary>
public class FailureTests
{
    private const ulong Page = VmmFixture.Page;
    private const ulong Start = 0x3FFF_D000;

    public enum Fault
    {
        Write,
        Read,
        Register,
    }

    public static TheoryData<GpuArchitecture, Fault> Cases()
    {
        var data = new TheoryData<GpuArchitecture, Fault>();
        foreach (GpuArchitecture architecture in new[] { GpuArchitecture.Turing, GpuArchitecture.Hopper })
        {
            foreach (Fault fault in Enum.GetValues<Fault>())
                data.Add(architecture, fault);
        }

        return data;
    }

    // Small pages, a big one, small ones, a huge one, and a tail, across 1 GiB.
    private static readonly Pfn[] Frames =
    [
        .. VmmFixture.Scattered(3, 1), .. VmmFixture.Contiguous(0x3_0000, 16), .. VmmFixture.Scattered(496, 2),
        .. VmmFixture.Contiguous(0x4_0000, 512), .. VmmFixture.Contiguous(0x5_0000, 16), .. VmmFixture.Scattered(1, 3),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Execute_that_fails_anywhere_takes_everything_back(GpuArchitecture architecture, Fault fault)
    {
        using var f = new VmmFixture(architecture);
        MappedRange neighbour = f.Vmm.MapPages(VmmFixture.Scattered(2, 9), PageAttributes.ReadWrite, VmmFixture.At(Start - 2 * Page));
        f.Vmm.Cleanup();
        int failures = 0;
        for (long k = 0; ; k = Next(k))
        {
            int used = f.Vram.Used;
            PreparedMapping job = f.Vmm.PrepareMap((ulong)Frames.Length, VmmFixture.At(Start));
            int prepared = f.Vram.Used;
            long injected = f.Gpu.Faults.Failures;
            Inject(f, fault, k);
            MappedRange? range = null;
            bool failed = Record.Exception(() => range = f.Vmm.ExecuteMap(job, Frames, PageAttributes.ReadWrite)) is GpuAccessException;
            f.Gpu.Faults.Clear();
            Assert.NotEqual(failed, range is not null);
            f.AssertMapped(Start - 2 * Page, VmmFixture.Scattered(2, 9));
            if (failed)
            {
                failures++;
                f.AssertUnmapped(Start, (ulong)Frames.Length);
                Assert.Equal(prepared, f.Vram.Used);
                Assert.Equal((ulong)Frames.Length + 2, f.Vmm.ReservedPages);
                f.AssertConserved(job);
                if (k % 2 == 0)
                {
                    job.Dispose();
                    Assert.Equal(used, f.Vram.Used);
                    Assert.Equal(2UL, f.Vmm.ReservedPages);
                    continue;
                }

                range = f.Vmm.ExecuteMap(job, Frames, PageAttributes.ReadWrite);
            }

            f.AssertMapped(Start, Frames);
            f.Vmm.UnmapPages(range!);
            f.Vmm.TrimTables();
            Assert.Equal(used, f.Vram.Used);
            if (f.Gpu.Faults.Failures == injected)
                break;
        }

        Assert.True(failures >= (fault == Fault.Register ? 3 : 12), $"only {failures} failures");
        f.Vmm.UnmapPages(neighbour);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Unmap_that_fails_anywhere_leaves_the_range_mapped(GpuArchitecture architecture, Fault fault)
    {
        using var f = new VmmFixture(architecture);
        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadOnly, VmmFixture.At(Start));
        f.Vmm.Cleanup();
        int used = f.Vram.Used;
        int failures = 0;
        for (long k = 0; ; k = Next(k))
        {
            long injected = f.Gpu.Faults.Failures;
            Inject(f, fault, k);
            bool failed = Record.Exception(() => f.Vmm.UnmapPages(range)) is GpuAccessException;
            f.Gpu.Faults.Clear();
            Assert.Equal(used, f.Vram.Used);
            if (f.Gpu.Faults.Failures == injected)
                break;
            if (!failed)
            {
                // Only the read that orders the writes failed: nothing depends on its value.
                Assert.Equal(Fault.Read, fault);
                range = f.Vmm.MapPages(Frames, PageAttributes.ReadOnly, VmmFixture.At(Start));
                f.Vmm.Cleanup();
                continue;
            }

            failures++;
            Assert.True(range.IsMapped);
            Assert.Equal((ulong)Frames.Length, f.Vmm.ReservedPages);
            f.AssertMapped(Start, Frames, writable: false);
        }

        Assert.True(failures >= (fault == Fault.Register ? 3 : 4), $"only {failures} failures");
        f.AssertUnmapped(Start, (ulong)Frames.Length);
        Assert.Equal(0UL, f.Vmm.ReservedPages);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Prepare_that_fails_anywhere_gives_everything_back(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        for (long k = 0; k < 512L * 9; k += 97)
        {
            f.Gpu.Faults.FailWriteAfter(k);
            Exception? thrown = Record.Exception(() => f.Vmm.PrepareMap(600, VmmFixture.At(Start)).Dispose());
            f.Gpu.Faults.Clear();
            Assert.True(thrown is GpuAccessException || k >= 512L * 6, $"write {k}: {thrown}");
            Assert.Equal(1, f.Vram.Used);
            Assert.Equal(0UL, f.Vmm.ReservedPages);
        }

        f.Vram.FailAfter = 0;
        Assert.Throws<OutOfVideoMemoryException>(() => f.Vmm.PrepareMap(600));
        Assert.Equal(1, f.Vram.Used);
        Assert.Equal(0UL, f.Vmm.ReservedPages);
        f.Vmm.PrepareMap(600).Dispose();
        Assert.Equal(1, f.Vram.Used);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Blackwell)]
    public void A_device_that_goes_on_failing_keeps_range_and_tables_out_of_use_until_cleanup_succeeds(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        PreparedMapping job = f.Vmm.PrepareMap((ulong)Frames.Length, VmmFixture.At(Start));
        f.Gpu.Faults.FailWriteAfter(300, failures: long.MaxValue - 1);
        Assert.Throws<GpuAccessException>(() => f.Vmm.ExecuteMap(job, Frames, PageAttributes.ReadWrite));
        int used = f.Vram.Used;
        int free = job.TableCount;

        // Entries of ours are still valid, so the addresses are not given to anyone and no linked table is freed.
        Assert.True(f.Gpu.Mmu.TranslateUncached(f.Root, Start).IsMapped);
        Assert.Throws<GpuAccessException>(() => f.Vmm.ExecuteMap(job, Frames, PageAttributes.ReadWrite));
        job.Dispose();
        Assert.Equal((ulong)Frames.Length, f.Vmm.ReservedPages);
        Assert.Equal(used - free, f.Vram.Used);
        f.AssertConserved();
        Assert.Throws<ArgumentException>(() => f.Vmm.PrepareMap(1, VmmFixture.At(Start)));
        Assert.Throws<GpuAccessException>(f.Vmm.Cleanup);
        Assert.Equal((ulong)Frames.Length, f.Vmm.ReservedPages);

        f.Gpu.Faults.Clear();
        f.Vmm.Cleanup();
        Assert.Equal(0UL, f.Vmm.ReservedPages);
        f.AssertUnmapped(Start, (ulong)Frames.Length);
        f.Vmm.TrimTables();
        Assert.Equal(1, f.Vram.Used);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void A_hanging_TLB_fails_execute_and_unmap_and_nothing_is_freed_while_it_may_remember(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        PreparedMapping job = f.Vmm.PrepareMap((ulong)Frames.Length, VmmFixture.At(Start));
        int used = f.Vram.Used;
        f.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => f.Vmm.ExecuteMap(job, Frames, PageAttributes.ReadWrite));
        f.AssertUnmapped(Start, (ulong)Frames.Length);
        Assert.Equal(used, f.Vram.Used);

        // Not yet flushed: the range stays out of use even though the job is dropped.
        job.Dispose();
        Assert.Equal((ulong)Frames.Length, f.Vmm.ReservedPages);
        Assert.Throws<GpuTimeoutException>(f.Vmm.TrimTables);
        f.AssertConserved();
        f.Gpu.Faults.Clear();
        f.Vmm.TrimTables();
        Assert.Equal(1, f.Vram.Used);
        Assert.Equal(0UL, f.Vmm.ReservedPages);

        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
        f.AssertMapped(Start, Frames);
        f.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => f.Vmm.UnmapPages(range));
        Assert.True(range.IsMapped);
        f.AssertMapped(Start, Frames);
        f.Gpu.Faults.Clear();
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(Start, (ulong)Frames.Length);
    }

    [Fact]
    public void An_unmap_that_cannot_be_undone_either_is_finished_by_the_next_try()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
        f.Gpu.Faults.FailWriteAfter(20, failures: long.MaxValue - 1);
        Assert.Throws<GpuAccessException>(() => f.Vmm.UnmapPages(range));
        Assert.True(range.IsMapped);
        Assert.Equal((ulong)Frames.Length, f.Vmm.ReservedPages);
        f.Gpu.Faults.Clear();
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(Start, (ulong)Frames.Length);
        Assert.Equal(0UL, f.Vmm.ReservedPages);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Protecting_a_half_unmapped_range_counts_for_the_pages_that_come_back(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
        foreach (bool writable in new[] { false, true })
        {
            f.Gpu.Faults.FailWriteAfter(20, failures: long.MaxValue - 1);
            Assert.Throws<GpuAccessException>(() => f.Vmm.UnmapPages(range));
            f.Gpu.Faults.Clear();
            Assert.False(f.Gpu.Mmu.TranslateUncached(f.Root, Start).IsMapped);

            f.Vmm.ProtectPages(range, writable);
            f.Gpu.Faults.FailRegisterWriteAfter(0);
            Assert.Throws<GpuAccessException>(() => f.Vmm.UnmapPages(range));
            f.Gpu.Faults.Clear();
            f.AssertMapped(Start, Frames, writable);
        }

        f.Vmm.UnmapPages(range);
    }

    [Fact]
    public void Dispose_that_fails_can_be_repeated()
    {
        var f = new VmmFixture(GpuArchitecture.Hopper);
        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
        f.See(Start);
        f.Gpu.Faults.TlbHang = true;
        int used = f.Vram.Used;
        Assert.Throws<GpuTimeoutException>(f.Vmm.Dispose);
        Assert.Equal(used, f.Vram.Used);
        f.Gpu.Faults.Clear();
        f.Gpu.Faults.FailRegisterWriteAfter(0);
        Assert.Throws<GpuAccessException>(f.Vmm.Dispose);
        Assert.Equal(used, f.Vram.Used);
        f.Vmm.Dispose();
        Assert.Equal(0, f.Vram.Used);
        Assert.True(range.IsMapped);
        f.Dispose();
    }

    private static void Inject(VmmFixture f, Fault fault, long k)
    {
        if (fault == Fault.Write)
            f.Gpu.Faults.FailWriteAfter(k);
        else if (fault == Fault.Read)
            f.Gpu.Faults.FailReadAfter(k);
        else
            f.Gpu.Faults.FailRegisterWriteAfter(k);
    }

    // Every access of the beginning, then a sample: runs of hundreds of alike entries follow.
    private static long Next(long k) => k < 40 ? k + 1 : k + 37;
}
