using DeviceMemory.Model;

namespace DeviceMemory;

/// <summary>Gives a page back that the CPU touches while the device has it for itself.</summary>
internal sealed class FaultHandler(PageTable table, Race race)
{
    public int Locked { get; private set; }

    /// <summary>A reference, taken while the table's lock is held, keeps the page alive without it; the entry is checked again.</summary>
    public void RemoveExclusive(int index)
    {
        Page? page;
        lock (table.Gate)
        {
            page = table.Pages[index];
            if (page is null || !page.TryGet())
                return;
        }

        race.Window();
        page.Lock();
        Locked++;
        table.RemoveExclusive(index, page);
        page.Unlock();
        page.Put();
    }
}
