using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>A 4 KiB frame of video memory.</summary>
/// <param name="Address">Where it lies, a multiple of 4 KiB.</param>
/// <param name="Owner">What the allocator knows it by.</param>
public readonly record struct VramFrame(VramAddress Address, object? Owner = null);
