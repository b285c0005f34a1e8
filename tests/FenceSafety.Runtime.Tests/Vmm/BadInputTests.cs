using System.Runtime.CompilerServices;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>Each wrong argument: an exception that names it and the bound, and nothing changed.</summary>
public class BadInputTests
{
    [Theory]
    [InlineData(GpuArchitecture.Turing, 49)]
    [InlineData(GpuArchitecture.Hopper, 57)]
    public void Prepare(GpuArchitecture architecture, int bits)
    {
        using var f = new VmmFixture(architecture);
        ulong space = 1UL << (bits - 12);
        ulong end = 1UL << bits;
        Refused<ArgumentOutOfRangeException>(f, "pages", $"{space}", () => f.Vmm.PrepareMap(0));
        Refused<ArgumentOutOfRangeException>(f, "pages", $"{space}", () => f.Vmm.PrepareMap(space + 1));
        Refused<ArgumentException>(f, "options", "0x1000", () => f.Vmm.PrepareMap(1, VmmFixture.At(0x1234)));
        Refused<ArgumentOutOfRangeException>(f, "options", $"{bits}-bit", () => f.Vmm.PrepareMap(1, VmmFixture.At(end)));
        Refused<ArgumentOutOfRangeException>(f, "options", $"{bits}-bit", () => f.Vmm.PrepareMap(2, VmmFixture.At(end - 0x1000)));
        Refused<ArgumentOutOfRangeException>(
            f, "options", $"{bits}-bit", () => f.Vmm.PrepareMap(1, VmmFixture.At(ulong.MaxValue & ~0xFFFUL)));
        Refused<ArgumentOutOfRangeException>(
            f, "options", "page size", () => f.Vmm.PrepareMap(1, new MapOptions { PageSizes = (PageSizes)32 }));
        Refused<ArgumentException>(f, "options", "power of two", () => f.Vmm.PrepareMap(1, new MapOptions { Alignment = 0x3000 }));
        Refused<ArgumentException>(f, "options", "0x1000", () => f.Vmm.PrepareMap(1, new MapOptions { Alignment = 0x800 }));
        Refused<ArgumentException>(f, "options", "0x10000", () => f.Vmm.PrepareMap(1, VmmFixture.At(0x1000) with { Alignment = 0x1_0000 }));
        Refused<OutOfVideoMemoryException>(f, null, "frames", () => f.Vmm.PrepareMap(space));
        Refused<OutOfVideoMemoryException>(f, null, "free", () => f.Vmm.PrepareMap(0x20_0000));
        Refused<ArgumentOutOfRangeException>(f, "pages", "1 and", () => f.Vmm.MapPages([], PageAttributes.ReadWrite));
    }

    [Fact]
    public void Overlapping_ranges_are_refused_and_a_full_space_says_so()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        using PreparedMapping job = f.Vmm.PrepareMap(16, VmmFixture.At(0x10_0000));
        foreach (ulong at in new ulong[] { 0xF_F000, 0x10_0000, 0x10_5000, 0x10_F000 })
            Refused<ArgumentException>(f, "options", "overlap", () => f.Vmm.PrepareMap(2, VmmFixture.At(at)), job);
        Refused<ArgumentException>(f, "options", "overlap", () => f.Vmm.PrepareMap(100, VmmFixture.At(0xF_0000)), job);
        f.Vmm.PrepareMap(2, VmmFixture.At(0xF_E000)).Dispose();
        f.Vmm.PrepareMap(2, VmmFixture.At(0x11_0000)).Dispose();
        Refused<OutOfAddressSpaceException>(f, null, "consecutive", () => f.Vmm.PrepareMap(1UL << 37), job);
        Refused<OutOfAddressSpaceException>(
            f, null, "consecutive", () => f.Vmm.PrepareMap((1UL << 36) + 1, new MapOptions { Alignment = 1UL << 48 }), job);
    }

    [Fact]
    public void Execute()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing, vramSize: 256UL << 30);
        using var other = new VmmFixture(GpuArchitecture.Turing);
        using PreparedMapping job = f.Vmm.PrepareMap(4);
        using PreparedMapping foreign = other.Vmm.PrepareMap(4);
        Pfn[] frames = VmmFixture.Scattered(4);
        Refused<ArgumentNullException>(f, "prepared", "prepared", () => f.Vmm.ExecuteMap(null!, frames, default), job);
        Refused<ArgumentException>(f, "prepared", "another", () => f.Vmm.ExecuteMap(foreign, frames, default), job);
        Refused<ArgumentException>(f, "frames", "3 frames", () => f.Vmm.ExecuteMap(job, frames.AsSpan(1), default), job);
        Refused<ArgumentException>(f, "frames", "5 frames", () => f.Vmm.ExecuteMap(job, VmmFixture.Scattered(5), default), job);

        // 256 GiB of memory, but 25 bits of frame number: V2 cannot name the upper half.
        frames[2] = new Pfn(0x200_0000);
        Refused<ArgumentOutOfRangeException>(f, "frames", "0x1FFFFFF", () => f.Vmm.ExecuteMap(job, frames, default), job);
        frames[2] = new Pfn(ulong.MaxValue);
        Refused<ArgumentOutOfRangeException>(f, "frames", "frames[2]", () => f.Vmm.ExecuteMap(job, frames, default), job);
        frames[2] = new Pfn(0x1FF_FFFF);
        Refused<ArgumentOutOfRangeException>(
            f, "attributes", "15", () => f.Vmm.ExecuteMap(job, frames, new PageAttributes(true, (PteKind)16)), job);
        MappedRange range = f.Vmm.ExecuteMap(job, frames, default);
        Refused<ArgumentException>(f, "prepared", "executed", () => f.Vmm.ExecuteMap(job, frames, default));
        job.Dispose();
        Assert.True(range.IsMapped);
        using PreparedMapping dropped = f.Vmm.PrepareMap(4);
        dropped.Dispose();
        Refused<ArgumentException>(f, "prepared", "disposed", () => f.Vmm.ExecuteMap(dropped, frames, default));
        f.Vmm.UnmapPages(range);
    }

    [Fact]
    public void A_frame_behind_the_video_memory()
    {
        using var f = new VmmFixture(GpuArchitecture.Hopper, vramSize: 64 << 20);
        using PreparedMapping job = f.Vmm.PrepareMap(1);
        Refused<ArgumentOutOfRangeException>(f, "frames", "0x3FFF", () => f.Vmm.ExecuteMap(job, [new Pfn(0x4000)], default), job);
        MappedRange range = f.Vmm.ExecuteMap(job, [new Pfn(0x3FFF)], default);
        f.Vmm.UnmapPages(range);
    }

    [Fact]
    public void Unmap()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        using var other = new VmmFixture(GpuArchitecture.Turing);
        MappedRange range = f.Vmm.MapPages(VmmFixture.Scattered(4), default);
        Refused<ArgumentNullException>(f, "range", "range", () => f.Vmm.UnmapPages(null!));
        Refused<ArgumentException>(f, "range", "another", () => other.Vmm.UnmapPages(range));
        f.Vmm.UnmapPages(range);
        Refused<ArgumentException>(f, "range", "not mapped", () => f.Vmm.UnmapPages(range));

        // A stale token must not take away what lies there now.
        MappedRange again = f.Vmm.MapPages(VmmFixture.Scattered(4), default);
        Assert.Equal(range.Start, again.Start);
        Refused<ArgumentException>(f, "range", "not mapped", () => f.Vmm.UnmapPages(range));
        f.AssertMapped(0, VmmFixture.Scattered(4), writable: false);
        f.Vmm.UnmapPages(again);
    }

    [Fact]
    public void Reading_and_attaching()
    {
        using var f = new VmmFixture(GpuArchitecture.Turing);
        Refused<ArgumentOutOfRangeException>(f, "vfn", "49-bit", () => f.Vmm.ReadMapping(new VirtualAddress(1UL << 49)));
        Refused<ArgumentException>(f, "root", "0x1000", () => Vmm.Attach(f.Mm, new VramAddress(0x1800)));
        Refused<ArgumentException>(f, "root", "0x200000000", () => Vmm.Attach(f.Mm, new VramAddress(8UL << 30)));
        Refused<ArgumentNullException>(f, "mm", "mm", () => Vmm.Create(null!));
        Refused<ArgumentNullException>(f, "mm", "mm", () => Vmm.Attach(null!, default));
        Refused<ArgumentNullException>(f, "device", "device", () => new GpuMm(null!, f.Vram));
        Refused<ArgumentNullException>(f, "allocator", "allocator", () => new GpuMm(f.Gpu, null!));
    }

    [Fact]
    public void Lost_mappings_and_jobs_are_counted_and_stay_reserved()
    {
        var f = new VmmFixture(GpuArchitecture.Turing);
        Pfn[] frames = VmmFixture.Scattered(3);
        Lose(f, frames);
        for (int i = 0; i < 10 && f.Vmm.Abandoned < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(2, f.Vmm.Abandoned);
        Assert.Equal(8UL, f.Vmm.ReservedPages);
        f.AssertMapped(0, frames);
        using PreparedMapping next = f.Vmm.PrepareMap(1);
        Assert.Equal(8 * VmmFixture.Page, next.Start.Raw);
        next.Dispose();
        f.Vmm.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(VmmFixture f, Pfn[] frames)
    {
        f.Vmm.MapPages(frames, PageAttributes.ReadWrite);
        f.Vmm.PrepareMap(5);
    }

    private static void Refused<T>(VmmFixture f, string? argument, string bound, Action action, params PreparedMapping[] jobs)
        where T : Exception
    {
        ulong reserved = f.Vmm.ReservedPages;
        int used = f.Vram.Used;
        long written = f.Gpu.Counters.WordsWritten;
        T thrown = Assert.Throws<T>(action);
        Assert.Contains(bound, thrown.Message, StringComparison.Ordinal);
        if (argument is not null)
            Assert.Equal(argument, Assert.IsAssignableFrom<ArgumentException>(thrown).ParamName);
        Assert.Equal(reserved, f.Vmm.ReservedPages);
        Assert.Equal(used, f.Vram.Used);
        Assert.Equal(written, f.Gpu.Counters.WordsWritten);
        f.AssertConserved(jobs);
    }
}
