namespace BrokenDriver.Hardware;

/// <summary>Translates as the hardware does: it reads the page tables where they are, without a window.</summary>
internal sealed class GpuMmu(Vram vram, uint directoryFrame)
{
    /// <summary>The frame that a virtual page is mapped to, or null.</summary>
    public uint? Translate(uint virtualPage)
    {
        ulong directoryEntry = vram.Read64(PageTableFormat.DirectorySlot(directoryFrame, virtualPage));
        if (!PageTableFormat.HasTable(directoryEntry))
            return null;
        ulong entry = vram.Read64(PageTableFormat.PageSlot(PageTableFormat.Frame(directoryEntry), virtualPage));
        return PageTableFormat.IsMapped(entry) ? PageTableFormat.Frame(entry) : null;
    }
}
