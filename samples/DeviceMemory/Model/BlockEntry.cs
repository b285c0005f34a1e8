namespace DeviceMemory.Model;

/// <summary>An entry that maps a whole block of pages at once, or nothing.</summary>
internal readonly record struct BlockEntry(bool Present, int FirstPage);
