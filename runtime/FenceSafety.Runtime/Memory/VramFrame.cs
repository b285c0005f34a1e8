using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>A 4 KiB frame of video memory, and the handle with which it goes back.</summary>
/// <param name="Address">Where it lies, a multiple of 4 KiB.</param>
/// <param name="Blocks">The allocation, if the allocator is a <see cref="GpuBuddy"/>.</param>
public readonly record struct VramFrame(VramAddress Address, AllocatedBlocks Blocks = default);
