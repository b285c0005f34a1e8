namespace FenceSafety.Runtime.Mmu;

/// <summary>Storage kind of a page: how its bytes are arranged in memory.</summary>
public enum PteKind
{
    /// <summary>Linear.</summary>
    Pitch = 0,

    /// <summary>Generic memory (Turing and later).</summary>
    Generic = 6,

    /// <summary>Reserved: an entry of this kind faults.</summary>
    Invalid = 7,
}

/// <summary>What a mapping allows.</summary>
/// <param name="Writable">Whether writes are allowed.</param>
/// <param name="Kind">Storage kind.</param>
/// <param name="Privileged">Whether only privileged requests are served.</param>
public readonly record struct PageAttributes(bool Writable, PteKind Kind = PteKind.Pitch, bool Privileged = false)
{
    /// <summary>Reads only, linear.</summary>
    public static PageAttributes ReadOnly => new(false);

    /// <summary>Reads and writes, linear.</summary>
    public static PageAttributes ReadWrite => new(true);
}
