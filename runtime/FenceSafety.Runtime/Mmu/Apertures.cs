namespace FenceSafety.Runtime.Mmu;

/// <summary>Where a page lies, as encoded in a page-table entry.</summary>
public enum PteAperture
{
    /// <summary>Video memory of this GPU.</summary>
    VideoMemory = 0,

    /// <summary>Video memory of another GPU.</summary>
    PeerMemory = 1,

    /// <summary>System memory, kept coherent with the caches of the CPU.</summary>
    SystemCoherent = 2,

    /// <summary>System memory, not kept coherent.</summary>
    SystemNonCoherent = 3,
}

/// <summary>Where a table lies, as encoded in a directory entry. The codes differ from those of <see cref="PteAperture"/>.</summary>
public enum PdeAperture
{
    /// <summary>There is no table.</summary>
    Invalid = 0,

    /// <summary>Video memory of this GPU.</summary>
    VideoMemory = 1,

    /// <summary>System memory, kept coherent with the caches of the CPU.</summary>
    SystemCoherent = 2,

    /// <summary>System memory, not kept coherent.</summary>
    SystemNonCoherent = 3,
}
