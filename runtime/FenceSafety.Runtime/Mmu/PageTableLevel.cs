namespace FenceSafety.Runtime.Mmu;

/// <summary>Level of a page table, from the root down. Which of them hold pages depends on the <see cref="MmuVersion"/>.</summary>
public enum PageTableLevel
{
    /// <summary>The root (page directory base).</summary>
    Pdb,

    /// <summary>Below the root.</summary>
    L1,

    /// <summary>Second below the root.</summary>
    L2,

    /// <summary>Third below the root: dual directory of V2, directory with 512 MiB pages of V3.</summary>
    L3,

    /// <summary>Fourth below the root: page table of V2, dual directory of V3.</summary>
    L4,

    /// <summary>Fifth below the root: page table of V3.</summary>
    L5,
}
