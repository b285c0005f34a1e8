namespace FenceSafety.Runtime.Memory;

/// <summary>What is known of memory that is given back.</summary>
[Flags]
public enum GpuBuddyFreeFlags
{
    /// <summary>Nothing: it counts as dirty, even if it was handed out clear.</summary>
    None = 0,

    /// <summary>It was zeroed by whoever had it.</summary>
    Cleared = 1,
}
