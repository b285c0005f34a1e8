namespace FenceSafety.Runtime.Mmu;

/// <summary>Format of the page tables.</summary>
public enum MmuVersion
{
    /// <summary>49-bit addresses, five levels: Turing, Ampere, Ada.</summary>
    V2,

    /// <summary>57-bit addresses, six levels: Hopper, Blackwell.</summary>
    V3,
}
