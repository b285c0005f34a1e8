using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>
/// A range that is mapped: the token for <see cref="Vmm.UnmapPages"/>, without which its addresses are never used again. One that is lost
/// is counted by <see cref="Vmm.Abandoned"/>.
/// </summary>
[MustConsume]
public sealed class MappedRange
{
    internal MappedRange(Vmm owner, VaRange range)
    {
        Owner = owner;
        Range = range;
    }

    /// <summary>The must-unmap guard: what was mapped and is not unmapped stays mapped and reserved, and is reported.</summary>
    ~MappedRange()
    {
        if (IsMapped)
            Owner.CountAbandoned();
    }

    /// <summary>First virtual address.</summary>
    public VirtualAddress Start => new Vfn(Range.First).Address;

    /// <summary>Length in pages of 4 KiB.</summary>
    public ulong Pages => Range.Pages;

    /// <summary>Whether the range is mapped, and not unmapped yet.</summary>
    public bool IsMapped { get; internal set; }

    /// <summary>Whether writes are allowed.</summary>
    public bool IsWritable { get; internal set; }

    internal Vmm Owner { get; }

    internal VaRange Range { get; }
}
