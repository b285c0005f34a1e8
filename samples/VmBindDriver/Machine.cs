using FenceSafety;
using FenceSafety.Runtime;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace VmBindDriver;

/// <summary>A booted GPU with one address space.</summary>
internal sealed class Machine : IDisposable
{
    private const ulong VramBytes = 4UL << 30;

    // The first 16 MiB are the firmware's.
    private const ulong FirmwareBytes = 16UL << 20;

    private readonly GpuBuddy _buddy;

    [MayAllocate]
    private Machine(GpuArchitecture architecture)
    {
        Gpu = new SimulatedGpu(architecture, VramBytes);
        _buddy = new GpuBuddy(new GpuBuddyParams(FirmwareBytes, VramBytes - FirmwareBytes));
        Vmm = Vmm.Create(new GpuMm(Gpu, new BuddyFrames(_buddy)));
    }

    public SimulatedGpu Gpu { get; }

    public GpuBuddy Buddy => _buddy;

    public Vmm Vmm { get; }

    [MayAllocate]
    public static Machine Boot(GpuArchitecture architecture) => new(architecture);

    /// <summary>Shuts the GPU down. Throws if video memory was lost: the allocator refuses to end while a block of it is in use.</summary>
    [MayAllocate]
    public void Dispose()
    {
        Vmm.Dispose();
        _buddy.Dispose();
        Gpu.Dispose();
    }
}
