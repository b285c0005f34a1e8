using DeviceMemory.Model;

namespace DeviceMemory;

// The mistake in this file: the entry's reference keeps the page alive while the entry is there, and the table's lock keeps the entry there.
// The page's lock sleeps, so the table's is released first. Another thread that faults on the same entry removes it, and its reference with
// it. (A race that Linux had in remove_device_exclusive_entry.)

/// <summary>Gives a page back that the CPU touches while the device has it for itself.</summary>
internal sealed class FaultHandler(PageTable table, Race race)
{
    public int Locked { get; private set; }

    public void RemoveExclusive(int index)
    {
        Page? page;
        lock (table.Gate)
            page = table.Pages[index];
        if (page is null)
            return;
        race.Window();
        page.Lock(); // mistake: FENCE014
        Locked++;
        table.RemoveExclusive(index, page);
        page.Unlock();
    }
}
