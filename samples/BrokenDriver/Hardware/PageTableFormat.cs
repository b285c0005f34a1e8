namespace BrokenDriver.Hardware;

/// <summary>
/// Page directory and page table entries, in the bits of the version 2 format, but with two levels only: a directory of 512 tables of
/// 512 pages of 4 KiB, 1 GiB in all.
/// </summary>
internal static class PageTableFormat
{
    public const int Entries = 512;

    private const int FrameShift = 8;
    private const ulong Valid = 1 << 0;
    private const ulong ReadOnly = 1 << 6;
    private const ulong VideoMemoryDirectory = 1 << 1;
    private const ulong FrameMask = (1UL << 25) - 1;

    public static ulong DirectoryEntry(uint tableFrame) => VideoMemoryDirectory | ((ulong)tableFrame << FrameShift);

    public static ulong PageEntry(uint frame, bool writable) => Valid | (writable ? 0 : ReadOnly) | ((ulong)frame << FrameShift);

    public static bool HasTable(ulong directoryEntry) => (directoryEntry & VideoMemoryDirectory) != 0;

    public static bool IsMapped(ulong pageEntry) => (pageEntry & Valid) != 0;

    public static uint Frame(ulong entry) => (uint)((entry >> FrameShift) & FrameMask);

    /// <summary>Where the entry of the table that covers a virtual page is.</summary>
    public static ulong DirectorySlot(uint directoryFrame, uint virtualPage) => Slot(directoryFrame, virtualPage / Entries);

    /// <summary>Where the entry of a virtual page is.</summary>
    public static ulong PageSlot(uint tableFrame, uint virtualPage) => Slot(tableFrame, virtualPage % Entries);

    public static ulong FrameAddress(uint frame) => (ulong)frame * Vram.PageSize;

    private static ulong Slot(uint tableFrame, uint index) => FrameAddress(tableFrame) + (index * sizeof(ulong));
}
