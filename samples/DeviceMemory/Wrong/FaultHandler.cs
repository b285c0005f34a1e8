using DeviceMemory.Model;

namespace DeviceMemory;

// The mistakes in this file: what was read without the lock is taken for true under it, and what was found under the lock is taken for
// alive without it.

/// <summary>Brings memory back that the CPU touches while the GPU has it.</summary>
internal sealed class FaultHandler(PageTable table, Race race)
{
    public int Migrated { get; private set; }

    public int Retried { get; private set; }

    /// <summary>The entry may have gone since it was read: the lock came too late.</summary>
    public void Split(int block)
    {
        var entry = table.Peek(block);
        if (!entry.Present)
            return;
        race.Window();
        lock (table.Gate)
            table.Split(block, entry); // mistake: FENCE015
    }

    /// <summary>The page's lock sleeps, so the table's is released first; but that was all that kept the page alive.</summary>
    public void Migrate(int index)
    {
        Page? page;
        lock (table.Gate)
            page = table.Pages[index];
        if (page is null)
        {
            Retried++;
            return;
        }

        race.Window();
        page.Lock(); // mistake: FENCE014
        Migrated++;
        table.Remove(index, page);
        page.Unlock();
    }
}
