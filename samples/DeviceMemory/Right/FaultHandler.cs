using DeviceMemory.Model;

namespace DeviceMemory;

/// <summary>Brings memory back that the CPU touches while the GPU has it.</summary>
internal sealed class FaultHandler(PageTable table, Race race)
{
    public int Migrated { get; private set; }

    public int Retried { get; private set; }

    /// <summary>What was read without the lock is a hint whether to take it; under it, the entry is read again.</summary>
    public void Split(int block)
    {
        var entry = table.Peek(block);
        if (!entry.Present)
            return;
        race.Window();
        lock (table.Gate)
        {
            if (table.Peek(block) != entry)
            {
                Retried++;
                return;
            }

            table.Split(block, entry);
        }
    }

    /// <summary>A reference, taken while the table's lock is held, keeps the page alive without it.</summary>
    public void Migrate(int index)
    {
        Page? page;
        lock (table.Gate)
        {
            page = table.Pages[index];
            if (page is null || !page.TryGet())
            {
                Retried++;
                return;
            }
        }

        race.Window();
        page.Lock();
        Migrated++;
        table.Remove(index, page);
        page.Unlock();
        page.Put();
    }
}
