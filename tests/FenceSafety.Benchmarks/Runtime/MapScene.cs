using FenceSafety.Runtime;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>A GPU with an empty address space, and 2 GiB of frames to be mapped there, scattered or in one piece.</summary>
internal sealed class MapScene : IDisposable
{
    public const int Pages = 524_288;

    /// <summary>
    /// What mapping it takes, for V2: 1024 tables of small pages, as many tables of big pages, of which sixteen share a frame, four dual
    /// directories, and one directory each of the two levels between these and the root.
    /// </summary>
    public const int Tables = 1024 + 1024 / 16 + 4 + 2;

    private const ulong VramBytes = 16UL << 30;

    public MapScene()
    {
        Gpu = new SimulatedGpu(GpuArchitecture.Ada, VramBytes);
        Buddy = new GpuBuddy(new GpuBuddyParams(0, 1UL << 30));
        Frames = new BuddyFrames(Buddy);
        Vmm = Vmm.Create(new GpuMm(Gpu, Frames));

        // The allocator's memory ends before the frames begin: these are only mapped, never used.
        int[] order = [.. Enumerable.Range(0, Pages)];
        new Random(1).Shuffle(order);
        ulong first = 4UL << 30 >> MmuLayout.PageShift;
        Scattered = Array.ConvertAll(order, i => new Pfn(first + (ulong)i * 2 + 1));
        Contiguous = [.. Enumerable.Range(0, Pages).Select(i => new Pfn(first + (ulong)i))];
    }

    public static VirtualAddress Start => new(1UL << 38);

    public SimulatedGpu Gpu { get; }

    public GpuBuddy Buddy { get; }

    public BuddyFrames Frames { get; }

    public Vmm Vmm { get; }

    /// <summary>No two of them adjacent and ascending: nothing but pages of 4 KiB can map them.</summary>
    public Pfn[] Scattered { get; }

    /// <summary>All adjacent, and aligned to 2 MiB.</summary>
    public Pfn[] Contiguous { get; }

    public PreparedMapping Prepare() => Vmm.PrepareMap(Pages, new MapOptions { Address = Start });

    public MappedRange Execute(PreparedMapping job, Pfn[] frames) => Vmm.ExecuteMap(job, frames, PageAttributes.ReadWrite);

    public MappedRange Map(Pfn[] frames) => Execute(Prepare(), frames);

    /// <summary>Unmaps, and frees all tables, so that the next mapping has to link its own again.</summary>
    public void Clear(MappedRange? range)
    {
        if (range is { IsMapped: true })
            Vmm.UnmapPages(range);
        Vmm.TrimTables();
    }

    /// <summary>What writing the entries would cost without a GPU: the baseline.</summary>
    public static void Encode(ReadOnlySpan<Pfn> frames, Span<ulong> entries)
    {
        ulong template = Pte.Vram(MmuVersion.V2, default, PageAttributes.ReadWrite).Raw;
        for (int i = 0; i < frames.Length; i++)
            entries[i] = template | frames[i].Raw << 8;
    }

    public void Dispose()
    {
        Vmm.Dispose();
        Buddy.Dispose();
        Gpu.Dispose();
    }
}
