using DeviceMemory.Model;

namespace DeviceMemory;

// The mistake in this file: the walker has split the leaf, and takes for granted that a table is there now. Nothing keeps another thread
// from unmapping the block and touching it again, and then it is a leaf once more. (A race that Linux had in walk_pud_range.)

/// <summary>Counts the pages that are mapped, splitting leaves on the way.</summary>
internal sealed class PageWalker(PageTable table, Race race)
{
    public int Walk(int block)
    {
        var entry = table.Peek(block);
        if (entry.Kind == EntryKind.None)
            return 0;
        table.Split(block);
        race.Window();
        lock (table.Gate)
            return table.Descend(block, entry); // mistake: FENCE015
    }
}
