namespace FenceSafety.Runtime.Simulation;

/// <summary>Why an access by the GPU failed.</summary>
public enum MmuFault
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The address has bits that the page-table format does not translate.</summary>
    AddressTooWide,

    /// <summary>A directory entry is invalid.</summary>
    InvalidDirectory,

    /// <summary>The page-table entry is invalid.</summary>
    InvalidEntry,

    /// <summary>The entry is sparse: reads give zero, writes are dropped.</summary>
    Sparse,

    /// <summary>A write to a read-only page.</summary>
    ReadOnly,

    /// <summary>A table or page lies outside the video memory, is misaligned, or is of a kind that the format reserves.</summary>
    BadEntry,
}

/// <summary>What the hardware makes of a virtual address.</summary>
/// <param name="Fault">Whether and why it faults.</param>
/// <param name="Physical">Address in the aperture.</param>
/// <param name="PageSize">Size of the page in bytes: 4 KiB, 64 KiB, 2 MiB or 512 MiB.</param>
/// <param name="Writable">Whether writes are allowed.</param>
/// <param name="Aperture">0 video memory, 1 peer, 2 coherent and 3 non-coherent system memory.</param>
/// <param name="Kind">Storage kind.</param>
public readonly record struct Translation(
    MmuFault Fault, ulong Physical, ulong PageSize = 0, bool Writable = false, int Aperture = 0, int Kind = 0)
{
    /// <summary>Whether a read succeeds.</summary>
    public bool IsMapped => Fault == MmuFault.None;
}
