using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace VmBindDriver;

/// <summary>Everything that a binding needs, taken before its fence is published.</summary>
internal sealed class BindJob
{
    public required AllocatedBlocks Memory { get; init; }

    public required Pfn[] Frames { get; init; }

    public required PreparedMapping Prepared { get; init; }

    public PageAttributes Attributes { get; init; } = PageAttributes.ReadWrite;

    public required DmaFence Mapped { get; init; }

    public required DmaFence Unmapped { get; init; }
}
