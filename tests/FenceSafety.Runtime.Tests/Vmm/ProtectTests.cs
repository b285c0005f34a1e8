using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

public class ProtectTests
{
    private const ulong Start = 0x3FFF_D000;

    // Pages of 4 KiB, 64 KiB and 2 MiB.
    private static readonly Pfn[] Frames =
    [
        .. VmmFixture.Scattered(3, 1), .. VmmFixture.Contiguous(0x3_0000, 16), .. VmmFixture.Scattered(496, 2),
        .. VmmFixture.Contiguous(0x4_0000, 512), .. VmmFixture.Scattered(1, 3),
    ];

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Writes_are_forbidden_and_allowed_again_for_every_page_and_only_for_these(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        MappedRange before = f.Vmm.MapPages(VmmFixture.Scattered(2, 7), PageAttributes.ReadWrite, VmmFixture.At(Start - 0x2000));
        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
        f.AssertMapped(Start, Frames);
        Assert.True(range.IsWritable);

        // The far TLBs are slow, and nobody may write any more when the call returns.
        f.Gpu.Faults.TlbGlobalLag = 1_000_000;
        f.Vmm.ProtectPages(range, writable: false);
        Assert.False(range.IsWritable);
        f.AssertMapped(Start, Frames, writable: false);
        f.AssertMapped(Start - 0x2000, VmmFixture.Scattered(2, 7));
        f.Vmm.ProtectPages(range, writable: false);
        f.AssertMapped(Start, Frames, writable: false);
        f.Vmm.ProtectPages(range, writable: true);
        f.AssertMapped(Start, Frames);

        // An unmap that fails brings back the permission of now, not that of the mapping.
        f.Vmm.ProtectPages(range, writable: false);
        f.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => f.Vmm.UnmapPages(range));
        f.Gpu.Faults.Clear();
        f.AssertMapped(Start, Frames, writable: false);
        f.Vmm.UnmapPages(range);
        f.AssertUnmapped(Start, (ulong)Frames.Length);
        f.Vmm.UnmapPages(before);
        Assert.Throws<ArgumentException>("range", () => f.Vmm.ProtectPages(range, true));
        Assert.Throws<ArgumentNullException>("range", () => f.Vmm.ProtectPages(null!, true));
        using var other = new VmmFixture(architecture);
        Assert.Throws<ArgumentException>("range", () => other.Vmm.ProtectPages(range, true));
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing, true)]
    [InlineData(GpuArchitecture.Turing, false)]
    [InlineData(GpuArchitecture.Hopper, true)]
    [InlineData(GpuArchitecture.Hopper, false)]
    public void A_failure_anywhere_leaves_the_permission_as_it_was(GpuArchitecture architecture, bool writable)
    {
        using var f = new VmmFixture(architecture);
        MappedRange range = f.Vmm.MapPages(Frames, new PageAttributes(writable), VmmFixture.At(Start));
        for (long k = 0; k < 500; k += k < 24 ? 1 : 61)
        {
            f.Gpu.Faults.FailWriteAfter(k);
            Assert.Throws<GpuAccessException>(() => f.Vmm.ProtectPages(range, !writable));
            f.AssertMapped(Start, Frames, writable);
        }

        f.Gpu.Faults.TlbHang = true;
        Assert.Throws<GpuTimeoutException>(() => f.Vmm.ProtectPages(range, !writable));
        f.Gpu.Faults.Clear();
        Assert.Equal(writable, range.IsWritable);
        f.AssertMapped(Start, Frames, writable);
        f.Vmm.UnmapPages(range);
    }

    [Fact]
    public void It_takes_no_memory_and_flushes_once()
    {
        using var f = new VmmFixture(GpuArchitecture.Ada);
        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
        f.Vmm.ProtectPages(range, false);
        f.Vmm.ProtectPages(range, true);
        long flushes = f.Gpu.Counters.TlbInvalidations;
        long before = GC.GetAllocatedBytesForCurrentThread();
        f.Vmm.ProtectPages(range, false);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1, f.Gpu.Counters.TlbInvalidations - flushes);
        f.Vmm.UnmapPages(range);
    }
}
