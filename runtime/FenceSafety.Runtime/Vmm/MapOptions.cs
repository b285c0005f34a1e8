using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>Where a mapping is to lie and which pages it may use.</summary>
public readonly record struct MapOptions
{
    /// <summary>First address, a multiple of 4 KiB; null for the lowest free range.</summary>
    public VirtualAddress? Address { get; init; }

    /// <summary>
    /// Alignment in bytes of a range that the manager chooses: a power of two from 4 KiB on, which is also what 0 means. Big pages need
    /// both sides aligned.
    /// </summary>
    public ulong Alignment { get; init; }

    /// <summary>Which page sizes may be used beside 4 KiB; <see cref="PageSizes.None"/>, the default, means all.</summary>
    public PageSizes PageSizes { get; init; }

    internal PageSizes AllowedSizes => PageSizes == PageSizes.None ? PageSizes.All : PageSizes;
}
