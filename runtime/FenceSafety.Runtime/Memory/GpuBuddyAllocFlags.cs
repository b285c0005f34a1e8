namespace FenceSafety.Runtime.Memory;

/// <summary>How an allocation is to be made.</summary>
[Flags]
public enum GpuBuddyAllocFlags
{
    /// <summary>As many blocks as it takes, dirty ones first.</summary>
    None = 0,

    /// <summary>One range of addresses, which may consist of adjacent blocks.</summary>
    Contiguous = 1,

    /// <summary>Prefer memory that is known to be zero; each block says what it is.</summary>
    Clear = 2,

    /// <summary>Keep what rounding added to the size, instead of giving it back.</summary>
    TrimDisable = 4,
}
