namespace FenceSafety.Runtime.Mmu;

/// <summary>Sizes of pages; as a set, which of them a mapping may use.</summary>
[Flags]
public enum PageSizes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>4 KiB. Always allowed.</summary>
    Size4K = 1,

    /// <summary>64 KiB.</summary>
    Size64K = 2,

    /// <summary>2 MiB.</summary>
    Size2M = 4,

    /// <summary>512 MiB, V3 only. Ignored on V2.</summary>
    Size512M = 8,

    /// <summary>Whatever fits the alignment.</summary>
    All = Size4K | Size64K | Size2M | Size512M,
}
