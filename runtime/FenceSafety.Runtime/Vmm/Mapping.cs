using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>What a virtual page is mapped to.</summary>
/// <param name="Frame">The 4 KiB frame.</param>
/// <param name="PageBytes">Size of the page that holds it: 4 KiB, 64 KiB, 2 MiB or 512 MiB.</param>
/// <param name="Attributes">What the mapping allows.</param>
public readonly record struct Mapping(Pfn Frame, ulong PageBytes, PageAttributes Attributes);
