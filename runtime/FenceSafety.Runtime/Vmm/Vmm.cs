using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>
/// The virtual memory of one root table, in two steps: prepare reserves addresses and allocates tables, execute (in the fence-signalling
/// critical section) only writes them. All members may be called from several threads.
/// </summary>
/// <remarks>
/// Lock order: this manager, then the PRAMIN window or the TLB. All three are taken in critical code, so nothing is allocated, and the
/// allocator is not called, while one of them is held.
/// </remarks>
public sealed partial class Vmm : IDisposable
{
    private readonly GpuMm _mm;
    private readonly PageTableTree _tree;
    private readonly VaSpace _space;
    private readonly TableStack _unused = new();

    [FenceSafeLock]
    [LockClass("vmm")]
    private readonly SleepingMutex _lock = new("vmm");

    private PreparedMapping? _quarantine;
    private int _abandoned;
    private bool _disposed;
    private bool _tornDown;

    private Vmm(GpuMm mm, PageTable root)
    {
        _mm = mm;
        _tree = new PageTableTree(mm.Version, root);
        _space = new VaSpace(mm.Version.AddressSpacePages());
    }

    /// <summary>Video-memory address of the root table: what the hardware is told.</summary>
    public VramAddress Root => _tree.Root.Address;

    /// <summary>Format of the page tables.</summary>
    public MmuVersion Version => _mm.Version;

    /// <summary>Reserved virtual pages of 4 KiB: mapped, prepared, or firmware's.</summary>
    public ulong ReservedPages
    {
        get
        {
            using SleepingMutex.Guard guard = _lock.Lock();
            return _space.ReservedPages;
        }
    }

    /// <summary>Frames of video memory that the manager owns: root, tables, and what waits for <see cref="Cleanup"/>; not those of
    /// prepared jobs.</summary>
    public int OwnedFrames
    {
        get
        {
            using SleepingMutex.Guard guard = _lock.Lock();
            return _tornDown ? 0 : (_tree.Root.Owned ? 1 : 0) + _tree.Linked + _tree.Retired.Count + _unused.Count;
        }
    }

    /// <summary>
    /// Mappings and jobs that were lost without being unmapped, executed or disposed of, as far as the garbage collector has noticed.
    /// They stay reserved until the manager is disposed of.
    /// </summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Creates an empty address space with a root table of its own.</summary>
    /// <exception cref="OutOfVideoMemoryException">There is no frame for the root.</exception>
    /// <exception cref="GpuAccessException">The root could not be zeroed.</exception>
    [MayAllocate]
    public static Vmm Create(GpuMm mm)
    {
        ArgumentNullException.ThrowIfNull(mm);
        var frame = new VramFrame[1];
        mm.Allocator.AllocateFrames(frame);
        try
        {
            ZeroFrames(mm, frame);
            mm.Claim(frame[0].Address);
            return new Vmm(mm, new PageTable(TableShape.Directory, frame[0], owned: true));
        }
        catch
        {
            mm.Allocator.FreeFrames(frame);
            throw;
        }
    }

    /// <summary>
    /// Takes over a root table that firmware built. Its tables are used but never freed, and what it maps stays mapped and reserved.
    /// </summary>
    /// <param name="mm">The device's memory management.</param>
    /// <param name="root">Video-memory address of the root table.</param>
    /// <exception cref="ArgumentException">The address is misaligned or outside the video memory, or the root already has a
    /// manager.</exception>
    /// <exception cref="GpuAccessException">A table could not be read.</exception>
    [MayAllocate]
    public static Vmm Attach(GpuMm mm, VramAddress root)
    {
        ArgumentNullException.ThrowIfNull(mm);
        if (!root.IsAligned(MmuLayout.PageBytes) || root >= mm.Pramin.End)
            throw new ArgumentException($"{root} must be a multiple of 0x{MmuLayout.PageBytes:X} below {mm.Pramin.End}.", nameof(root));
        mm.Claim(root);
        try
        {
            var vmm = new Vmm(mm, new PageTable(TableShape.Directory, new VramFrame(root), owned: false));
            new TableImporter(mm.Version, mm.Pramin, vmm._space).Import(vmm._tree.Root);
            return vmm;
        }
        catch
        {
            mm.Unclaim(root);
            throw;
        }
    }

    /// <summary>What an address is mapped to, by the tables in video memory; null if to nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The address lies behind the address space.</exception>
    /// <exception cref="GpuAccessException">The device failed.</exception>
    public Mapping? ReadMapping(VirtualAddress address)
    {
        WalkResult found;
        using (SleepingMutex.Guard guard = _lock.Lock())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            using PraminWindow window = _mm.Pramin.Window();
            found = new PageTableWalker(Version, Root).Walk(in window, address.Vfn);
        }

        if (found.Outcome != WalkOutcome.Mapped)
            return null;
        ulong pages = 1UL << found.PageShift;
        return new Mapping(
            new Pfn(found.Entry.Frame.Raw + (address.Vfn.Raw & (pages - 1))), pages * MmuLayout.PageBytes, found.Entry.Attributes);
    }

    /// <summary>
    /// Prepares and executes in one call, for code that is not fence-critical.
    /// </summary>
    /// <inheritdoc cref="PrepareMap" path="/exception"/>
    /// <inheritdoc cref="ExecuteMap" path="/exception"/>
    [MayAllocate]
    public MappedRange MapPages(ReadOnlySpan<Pfn> frames, PageAttributes attributes, MapOptions options = default)
    {
        PreparedMapping prepared = PrepareMap((ulong)frames.Length, options);
        try
        {
            return ExecuteMap(prepared, frames, attributes);
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    internal void CountAbandoned()
    {
        if (!_disposed)
            Interlocked.Increment(ref _abandoned);
    }
}
