namespace FenceSafety.Runtime;

/// <summary>The GPU families that the driver knows. The family decides the page-table format and the PRAMIN window register.</summary>
public enum GpuArchitecture
{
    /// <summary>TU10x: page tables V2.</summary>
    Turing,

    /// <summary>GA10x: page tables V2.</summary>
    Ampere,

    /// <summary>AD10x: page tables V2.</summary>
    Ada,

    /// <summary>GH100: page tables V3.</summary>
    Hopper,

    /// <summary>GB10x and GB20x: page tables V3.</summary>
    Blackwell,
}
