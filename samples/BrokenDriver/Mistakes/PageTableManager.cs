using BrokenDriver.Binding;
using BrokenDriver.Hardware;
using BrokenDriver.Memory;
using FenceSafety;

namespace BrokenDriver.Mistakes;

// The mistake in this file: the submit stage reads the page directory, finds a table missing, allocates one and writes its entry, all under
// the PRAMIN lock. The lock makes the writers take turns, but the run stage needs it as well: a submitter that holds it and waits for
// memory keeps the run stage from signalling the very fence that reclaim waits for. Allocation and modification have to be separated:
// drop the window, allocate, take the window again and look again.

/// <summary>Makes page tables in the submit stage, and writes page table entries in the run stage.</summary>
internal sealed class PageTableManager(Pramin pramin, Tlb tlb, BuddyAllocator buddy, uint directoryFrame)
{
    /// <summary>Sees to it that every page of the job has a page table.</summary>
    public void Prepare(VmBindJob job)
    {
        var range = job.Request.Range;
        for (uint page = range.FirstPage; page < range.End; page++)
        {
            ulong slot = PageTableFormat.DirectorySlot(directoryFrame, page);
            using var window = pramin.Window();
            if (PageTableFormat.HasTable(window.Read64(slot)))
                continue;

            var table = buddy.Allocate(order: 0); // mistake: FENCE004
            for (ulong offset = 0; offset < Vram.PageSize; offset += sizeof(ulong))
                window.Write64(table.Address + offset, 0);
            window.Write64(slot, PageTableFormat.DirectoryEntry(table.FirstFrame));
            job.NewTables[(page / PageTableFormat.Entries) - (range.FirstPage / PageTableFormat.Entries)] = table;
        }
    }

    /// <summary>Maps the pages of the job.</summary>
    [FenceCritical]
    public void Execute(VmBindJob job)
    {
        var range = job.Request.Range;
        using (var window = pramin.Window()) // mistake: FENCE002
        {
            for (uint i = 0; i < range.Pages; i++)
            {
                uint page = range.FirstPage + i;
                ulong directoryEntry = window.Read64(PageTableFormat.DirectorySlot(directoryFrame, page));
                ulong slot = PageTableFormat.PageSlot(PageTableFormat.Frame(directoryEntry), page);
                window.Write64(slot, PageTableFormat.PageEntry(job.Backing.FirstFrame + i, job.Request.Writable));
            }
        }

        tlb.Flush();
    }
}
