using BrokenDriver.Binding;
using BrokenDriver.Memory;
using FenceSafety;

namespace BrokenDriver.Mistakes;

// The mistake in this file: the run stage adds to a list, and the list grows when it is full. The submit stage knows an upper bound of the
// page tables that a job can need: it has to reserve the room, so that the run stage appends within the capacity.

/// <summary>The page tables that are in use, so that they can be given back with the address space.</summary>
internal sealed class InstalledTables : IDisposable
{
    private readonly List<AllocatedBlocks> _tables = [];

    public int Count => _tables.Count;

    [FenceCritical]
    public void Track(VmBindJob job)
    {
        foreach (var table in job.NewTables)
        {
            if (table is not null)
                _tables.Add(table); // mistake: FENCE011
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables)
            table.Dispose();
        _tables.Clear();
    }
}
