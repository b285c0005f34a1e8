using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>What all address spaces of one GPU share: the PRAMIN window, the TLB and the allocator of video memory.</summary>
public sealed class GpuMm
{
    [LockClass("gpu_mm.roots")]
    private readonly SleepingMutex _rootsLock = new("gpu_mm.roots");
    private readonly HashSet<VramAddress> _roots = [];

    /// <summary>Sets up the memory management of a device.</summary>
    /// <param name="device">The hardware.</param>
    /// <param name="allocator">Where page tables come from.</param>
    public GpuMm(IGpuDevice device, IVramAllocator allocator)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(allocator);
        Allocator = allocator;
        Version = device.Architecture.MmuVersion();
        VramPages = device.VramSize / MmuLayout.PageBytes;
        Pramin = new Pramin(device);
        Tlb = new Tlb(device);
    }

    /// <summary>Format of the page tables.</summary>
    public MmuVersion Version { get; }

    /// <summary>The window to video memory.</summary>
    public Pramin Pramin { get; }

    /// <summary>The TLBs.</summary>
    public Tlb Tlb { get; }

    /// <summary>Where page tables come from.</summary>
    public IVramAllocator Allocator { get; }

    /// <summary>Size of the video memory in pages of 4 KiB.</summary>
    internal ulong VramPages { get; }

    /// <summary>
    /// Makes a root table one manager's own. Two managers of one root would not know of each other's tables and addresses.
    /// </summary>
    internal void Claim(VramAddress root)
    {
        bool added;
        using (SleepingMutex.Guard guard = _rootsLock.Lock())
            added = _roots.Add(root);
        if (!added)
            throw new ArgumentException($"The root table at {root} already has a Vmm; share that one.", nameof(root));
    }

    internal void Unclaim(VramAddress root)
    {
        using SleepingMutex.Guard guard = _rootsLock.Lock();
        _roots.Remove(root);
    }
}
