namespace VmBindDriver;

/// <summary>How the memory of a binding lies.</summary>
internal enum MemoryLayout
{
    /// <summary>In one piece, so that big pages can be used.</summary>
    Contiguous,

    /// <summary>In descending order, so that only pages of 4 KiB can be.</summary>
    Scattered,
}
