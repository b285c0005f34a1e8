using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

internal enum JobState
{
    Prepared,

    /// <summary>Execute failed and could not take everything back yet.</summary>
    UndoOwed,
    Executed,
    Dropped,
}

/// <summary>
/// A reserved range and every table that mapping it may need: what <see cref="Vmm.ExecuteMap"/> uses up without allocating. The tables
/// belong to this job alone. Execute it, or dispose of it, which gives everything back; not in fence-critical code.
/// </summary>
[MustConsume]
public sealed class PreparedMapping : IDisposable
{
    internal PreparedMapping(Vmm owner, ulong pages, PageSizes sizes)
    {
        Owner = owner;
        Pages = pages;
        Sizes = sizes;
        Result = new MappedRange(owner, Range);
    }

    /// <summary>Counts jobs that were neither executed nor disposed of. Their range and tables stay reserved.</summary>
    ~PreparedMapping()
    {
        if (State is JobState.Prepared or JobState.UndoOwed)
            Owner.CountAbandoned();
    }

    /// <summary>First virtual address.</summary>
    public VirtualAddress Start => new Vfn(Range.First).Address;

    /// <summary>Length in pages of 4 KiB.</summary>
    public ulong Pages { get; }

    /// <summary>How many tables the job holds.</summary>
    public int TableCount => LeafTables.Count + DualTables.Count + Directories.Count;

    internal Vmm Owner { get; }

    internal PageSizes Sizes { get; }

    internal VaRange Range { get; } = new();

    internal MappedRange Result { get; }

    internal TableStack LeafTables { get; } = new();

    internal TableStack DualTables { get; } = new();

    internal TableStack Directories { get; } = new();

    internal JobState State { get; set; }

    /// <summary>Whether execute was tried: then tables may be in the tree that nobody needs.</summary>
    internal bool Attempted { get; set; }

    /// <summary>If an undo is owed: the first page that was not written.</summary>
    internal ulong Reached { get; set; }

    internal PreparedMapping? NextQuarantined { get; set; }

    /// <summary>Gives the range and the tables back. Does nothing after execute, or the second time.</summary>
    [MayAllocate]
    public void Dispose() => Owner.Drop(this);

    internal TableStack TablesOf(TableShape shape) => shape switch
    {
        TableShape.Leaf => LeafTables,
        TableShape.Dual => DualTables,
        _ => Directories,
    };

    internal void MoveTablesTo(TableStack other)
    {
        LeafTables.MoveTo(other);
        DualTables.MoveTo(other);
        Directories.MoveTo(other);
    }
}
