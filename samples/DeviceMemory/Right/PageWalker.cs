using DeviceMemory.Model;

namespace DeviceMemory;

/// <summary>Counts the pages that are mapped, splitting leaves on the way.</summary>
internal sealed class PageWalker(PageTable table, Race race)
{
    /// <summary>What is read without the lock only decides whether to go on; the entry that is walked is read again under it.</summary>
    public int Walk(int block)
    {
        while (true)
        {
            if (table.Peek(block).Kind == EntryKind.None)
                return 0;
            table.Split(block);
            race.Window();
            lock (table.Gate)
            {
                var entry = table.Peek(block);
                if (entry.Kind == EntryKind.Table)
                    return table.Descend(block, entry);
            }
        }
    }
}
