namespace FenceSafety.Runtime.Mmu;

/// <summary>A virtual address of the GPU.</summary>
/// <param name="Raw">The address in bytes.</param>
public readonly record struct VirtualAddress(ulong Raw)
{
    /// <summary>Offset in the 4 KiB page: bits 11:0.</summary>
    public uint PageOffset => (uint)(Raw & (MmuLayout.PageBytes - 1));

    /// <summary>The page that holds the address. The offset is dropped.</summary>
    public Vfn Vfn => new(Raw >> MmuLayout.PageShift);

    /// <summary>Hexadecimal.</summary>
    public override string ToString() => $"VA 0x{Raw:X}";
}
