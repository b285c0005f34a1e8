namespace DeviceMemory.Model;

internal enum EntryKind
{
    None,

    /// <summary>Maps a whole block of device memory at once.</summary>
    Leaf,

    /// <summary>Points to a table with an entry for each page.</summary>
    Table,
}

/// <summary>An entry of the upper level of the page table.</summary>
internal readonly record struct BlockEntry(EntryKind Kind, int Generation);
