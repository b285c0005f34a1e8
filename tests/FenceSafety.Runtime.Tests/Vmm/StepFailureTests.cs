using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Tests.Locking;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>The steps around execute and unmap: a failure at every access of each, and a manager or device that is disposed of.</summary>
public class StepFailureTests
{
    private const ulong Start = 0x3FFF_D000;

    // Directories on both sides of 1 GiB, pages of 4 KiB, 64 KiB and 2 MiB.
    private static readonly Pfn[] Frames =
    [
        .. VmmFixture.Scattered(3, 1), .. VmmFixture.Contiguous(0x3_0000, 16), .. VmmFixture.Scattered(496, 2),
        .. VmmFixture.Contiguous(0x4_0000, 512),
    ];

    public static TheoryData<GpuArchitecture, bool> Cases => new()
    {
        { GpuArchitecture.Turing, false },
        { GpuArchitecture.Turing, true },
        { GpuArchitecture.Hopper, false },
        { GpuArchitecture.Hopper, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_that_fails_anywhere_gives_the_root_back(GpuArchitecture architecture, bool register)
    {
        using var f = new VmmFixture(architecture);
        f.Vram.FailAfter = 0;
        Assert.Throws<OutOfVideoMemoryException>(() => Vmm.Create(f.Mm));
        Assert.Equal(1, f.Vram.Used);
        for (long k = 0; k < (register ? 1 : 512); k += 73)
        {
            // The window lies where the next root will be or not: so from a window elsewhere.
            using (PraminWindow window = f.Mm.Pramin.Window())
                window.Read8(new VramAddress(4UL << 30));
            Inject(f, register, k);
            Assert.Throws<GpuAccessException>(() => Vmm.Create(f.Mm));
            f.Gpu.Faults.Clear();
            Assert.Equal(1, f.Vram.Used);
        }

        using Vmm other = Vmm.Create(f.Mm);
        Assert.Equal(2, f.Vram.Used);
    }

    [Theory]
    [InlineData(GpuArchitecture.Turing)]
    [InlineData(GpuArchitecture.Hopper)]
    public void Prepare_whose_window_cannot_be_moved_gives_everything_back(GpuArchitecture architecture)
    {
        using var f = new VmmFixture(architecture);
        using (PraminWindow window = f.Mm.Pramin.Window())
            window.Read8(new VramAddress(4UL << 30));
        f.Gpu.Faults.FailRegisterWriteAfter(0);
        Assert.Throws<GpuAccessException>(() => f.Vmm.PrepareMap(600, VmmFixture.At(Start)));
        Assert.Equal(1, f.Vram.Used);
        Assert.Equal(0UL, f.Vmm.ReservedPages);
        f.Vmm.PrepareMap(600, VmmFixture.At(Start)).Dispose();
        Assert.Equal(1, f.Vram.Used);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trim_that_fails_anywhere_frees_nothing_that_the_hardware_may_reach(GpuArchitecture architecture, bool register)
    {
        using var f = new VmmFixture(architecture);
        MappedRange neighbour = f.Vmm.MapPages(VmmFixture.Scattered(2, 9), PageAttributes.ReadWrite, VmmFixture.At(Start - 0x2000));
        int failures = 0;
        for (long k = 0; ; k++)
        {
            MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
            MappedRange far = f.Vmm.MapPages(VmmFixture.Scattered(2, 8), PageAttributes.ReadWrite, VmmFixture.At(Far(architecture)));
            f.AssertMapped(Start, Frames);
            f.AssertMapped(Far(architecture), VmmFixture.Scattered(2, 8));
            f.Vmm.UnmapPages(range);
            f.Vmm.UnmapPages(far);
            Inject(f, register, k);
            bool failed = Record.Exception(f.Vmm.TrimTables) is GpuAccessException;
            f.Gpu.Faults.Clear();
            f.AssertConserved();
            f.AssertUnmapped(Start, (ulong)Frames.Length);
            f.AssertUnmapped(Far(architecture), 2);
            f.AssertMapped(Start - 0x2000, VmmFixture.Scattered(2, 9));
            f.Vmm.TrimTables();
            f.AssertConserved();
            if (!failed)
                break;
            failures++;
        }

        Assert.True(failures >= 2, $"only {failures} failures");
        f.Vmm.UnmapPages(neighbour);
        f.Vmm.TrimTables();
        Assert.Equal(1, f.Vram.Used);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Dispose_that_fails_anywhere_frees_nothing_and_lets_nobody_else_in(GpuArchitecture architecture, bool register)
    {
        for (long k = 0; ; k++)
        {
            var f = new VmmFixture(architecture);
            MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
            f.Vmm.MapPages(VmmFixture.Scattered(2, 8), PageAttributes.ReadWrite, VmmFixture.At(Far(architecture)));

            // It counts on tables that the range has linked.
            PreparedMapping job = f.Vmm.PrepareMap(2, VmmFixture.At(Start - 0x2000));
            int used = f.Vram.Used;
            Inject(f, register, k);
            bool failed = Record.Exception(f.Vmm.Dispose) is GpuAccessException;
            f.Gpu.Faults.Clear();
            Assert.Equal(failed ? used : job.TableCount, f.Vram.Used);
            f.AssertConserved(job);
            AssertRefused(f, job, range);
            f.Vmm.Dispose();
            f.AssertConserved(job);
            job.Dispose();
            Assert.Equal(0, f.Vram.Used);
            f.Dispose();
            if (!failed)
            {
                Assert.True(k >= 2, $"only {k} failures");
                break;
            }
        }
    }

    [Fact]
    public void A_device_that_is_gone_fails_each_call_and_keeps_no_lock()
    {
        var f = new VmmFixture(GpuArchitecture.Ada);
        MappedRange range = f.Vmm.MapPages(Frames, PageAttributes.ReadWrite, VmmFixture.At(Start));
        PreparedMapping job = f.Vmm.PrepareMap(2);
        ulong reserved = f.Vmm.ReservedPages;
        int used = f.Vram.Used;
        int tables = job.TableCount;
        f.Gpu.Dispose();
        f.Gpu.Dispose();
        for (int time = 0; time < 2; time++)
        {
            TestThread.Run(() =>
            {
                Assert.Throws<GpuAccessException>(() => f.Vmm.ExecuteMap(job, VmmFixture.Scattered(2), default));
                Assert.Throws<GpuAccessException>(() => f.Vmm.UnmapPages(range));
                Assert.Throws<GpuAccessException>(() => f.Vmm.ProtectPages(range, false));
                Assert.Throws<GpuAccessException>(() => f.Vmm.ReadMapping(new VirtualAddress(Start)));
                Assert.Throws<GpuAccessException>(() =>
                {
                    using PraminWindow window = f.Mm.Pramin.Window();
                    window.Read8(default);
                });
            });
        }

        Assert.Throws<ObjectDisposedException>(() => f.Gpu.PeekVram(0));
        Assert.Equal(reserved, f.Vmm.ReservedPages);
        Assert.Equal((used, tables), (f.Vram.Used, job.TableCount));
        Assert.True(range.IsMapped);
        f.AssertConserved(job);
    }

    /// <summary>An address in the other half of the space, of which nothing below the root is shared.</summary>
    private static ulong Far(GpuArchitecture architecture) => architecture == GpuArchitecture.Turing ? 1UL << 48 : 1UL << 56;

    private static void AssertRefused(VmmFixture f, PreparedMapping job, MappedRange range)
    {
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.PrepareMap(1));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.ExecuteMap(job, VmmFixture.Scattered(2), default));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.MapPages(VmmFixture.Scattered(2), default));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.UnmapPages(range));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.ProtectPages(range, false));
        Assert.Throws<ObjectDisposedException>(() => f.Vmm.ReadMapping(default));
        Assert.Throws<ObjectDisposedException>(f.Vmm.Cleanup);
        Assert.Throws<ObjectDisposedException>(f.Vmm.TrimTables);
    }

    private static void Inject(VmmFixture f, bool register, long k)
    {
        if (register)
            f.Gpu.Faults.FailRegisterWriteAfter(k);
        else
            f.Gpu.Faults.FailWriteAfter(k);
    }
}
