using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>What the critical calls may cost: counted, so that it is the same everywhere.</summary>
public class FenceCriticalTests
{
    [Theory]
    [InlineData(GpuArchitecture.Turing, false)]
    [InlineData(GpuArchitecture.Turing, true)]
    [InlineData(GpuArchitecture.Hopper, false)]
    [InlineData(GpuArchitecture.Hopper, true)]
    public void Execute_and_unmap_take_no_memory_of_any_kind_and_flush_once(GpuArchitecture architecture, bool contiguous)
    {
        using var f = new VmmFixture(architecture);
        const int count = 20_000;
        Pfn[] frames = contiguous ? VmmFixture.Contiguous(0x2_0000, count) : VmmFixture.Scattered(count);
        for (int round = 0; round < 3; round++)
        {
            using PreparedMapping job = f.Vmm.PrepareMap(count, VmmFixture.At(0x4000_0000 - 0x5000));
            int calls = f.Vram.Calls;
            int used = f.Vram.Used;
            long flushes = f.Gpu.Counters.TlbInvalidations;
            long before = GC.GetAllocatedBytesForCurrentThread();
            MappedRange range = f.Vmm.ExecuteMap(job, frames, PageAttributes.ReadWrite);
            long executed = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(1, f.Gpu.Counters.TlbInvalidations - flushes);
            long beforeUnmap = GC.GetAllocatedBytesForCurrentThread();
            f.Vmm.UnmapPages(range);
            long unmapped = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(2, f.Gpu.Counters.TlbInvalidations - flushes);
            Assert.Equal(calls, f.Vram.Calls);
            Assert.Equal(used, f.Vram.Used);

            // The first round pays for the JIT.
            if (round > 0)
            {
                Assert.Equal(0, executed - before);
                Assert.Equal(0, unmapped - beforeUnmap);
            }
        }
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void A_failing_execute_allocates_only_its_exception(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        Pfn[] frames = VmmFixture.Scattered(5000);
        using PreparedMapping job = f.Vmm.PrepareMap(5000);
        long cost = 0;
        for (int round = 0; round < 3; round++)
        {
            f.Gpu.Faults.FailWriteAfter(2500);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                f.Vmm.ExecuteMap(job, frames, PageAttributes.ReadWrite);
            }
            catch (GpuAccessException)
            {
            }

            cost = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.InRange(cost, 1, 8 << 10);
    }

    [Fact]
    public void The_cost_of_prepare_is_in_tables_and_not_in_pages()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing, frames: 3000);
        long reads = f.Gpu.Counters.WordsRead;
        using PreparedMapping small = f.Vmm.PrepareMap(512, VmmFixture.At(0, PageSizes.Size4K));
        using PreparedMapping large = f.Vmm.PrepareMap(512 * 1024, VmmFixture.At(1UL << 40, PageSizes.Size4K));
        Assert.Equal(4, small.TableCount);
        Assert.Equal(1024 + 4 + 1 + 1, large.TableCount);

        // Nothing is walked: what is read is the one byte that orders the writes, for each batch of tables.
        Assert.InRange(f.Gpu.Counters.WordsRead - reads, 1, 100);
    }

    [Fact]
    public void The_entries_written_are_the_pages_and_the_tables_and_no_more()
    {
        using var f = new VmmFixture(GpuArchitecture.Hopper);
        Pfn[] frames = VmmFixture.Scattered(4096);
        using PreparedMapping job = f.Vmm.PrepareMap(4096, VmmFixture.At(1 << 21));
        long before = f.Gpu.Counters.WordsWritten;
        MappedRange range = f.Vmm.ExecuteMap(job, frames, PageAttributes.ReadWrite);
        Assert.Equal(4096 + 8 + 4, f.Gpu.Counters.WordsWritten - before);
        before = f.Gpu.Counters.WordsWritten;
        f.Vmm.UnmapPages(range);
        Assert.Equal(4096, f.Gpu.Counters.WordsWritten - before);
    }

    [Fact]
    public void Several_threads_prepare_execute_and_unmap_at_once()
    {
        using var f = new VmmFixture(GpuArchitecture.Ampere, frames: 6000);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            var random = new Random(thread);
            for (int round = 0; round < 60; round++)
            {
                Pfn[] frames = random.Next(2) == 0
                    ? VmmFixture.Scattered(random.Next(1, 900), round)
                    : VmmFixture.Contiguous((ulong)random.Next(1, 0x100) << 9, random.Next(1, 1500));
                var options = new MapOptions { Alignment = 1UL << random.Next(12, 22) };
                using PreparedMapping job = f.Vmm.PrepareMap((ulong)frames.Length, options);
                if (random.Next(4) == 0)
                    continue;
                MappedRange range = f.Vmm.ExecuteMap(job, frames, PageAttributes.ReadWrite);
                for (int i = 0; i < frames.Length; i += 37)
                    Assert.Equal(frames[i].Address.Raw, f.Gpu.Mmu.Translate(f.Root, range.Start.Raw + (ulong)i * 4096).Physical);
                f.Vmm.UnmapPages(range);
                if (random.Next(8) == 0)
                    f.Vmm.TrimTables();
            }
        });
        f.Vmm.TrimTables();
        Assert.Equal(0UL, f.Vmm.ReservedPages);
        Assert.Equal(1, f.Vram.Used);
    }
}
