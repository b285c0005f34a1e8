using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>What a table can have below it.</summary>
internal enum TableShape
{
    /// <summary>Pages only: a table of small pages, or sixteen neighbouring tables of big pages in one frame.</summary>
    Leaf,

    /// <summary>The dual directory.</summary>
    Dual,

    /// <summary>Any other directory.</summary>
    Directory,
}

/// <summary>
/// The driver's knowledge of one 4 KiB frame of page tables: made by prepare, linked into the tree by execute. What the hardware sees in
/// a directory slot follows from it: a leaf page if there is one, else the tables.
/// </summary>
internal sealed class PageTable
{
    internal const int DualSlots = 256;
    internal const int GroupShift = 4;

    private readonly DirectorySlots? _slots;

    internal PageTable(TableShape shape, VramFrame frame, bool owned)
    {
        Shape = shape;
        Frame = frame;
        Owned = owned;
        if (shape != TableShape.Leaf)
            _slots = new DirectorySlots(shape);
    }

    internal TableShape Shape { get; }

    internal VramFrame Frame { get; }

    internal VramAddress Address => Frame.Address;

    /// <summary>Whether the frame came from the allocator: firmware's tables are never unlinked nor freed.</summary>
    internal bool Owned { get; }

    /// <summary>Tables below, by slot; of a dual directory those of small pages.</summary>
    internal PageTable?[] Children => _slots?.Children ?? [];

    /// <summary>Entries of pages that take a whole slot, or 0. They hide the tables below, which stay where they are.</summary>
    internal ulong[] Leaves => _slots?.Leaves ?? [];

    /// <summary>Of a dual directory: frames of big tables, one for sixteen slots.</summary>
    internal PageTable?[] BigGroups => _slots?.BigGroups ?? [];

    /// <summary>Of a dual directory: whether the slot's low word leads to its part of the group.</summary>
    internal bool[] BigLinked => _slots?.BigLinked ?? [];

    /// <summary>Next in a <see cref="TableStack"/>.</summary>
    internal PageTable? Next { get; set; }

    internal VramAddress BigTableAddress(int slot) =>
        BigGroups[slot >> GroupShift]!.Address + (ulong)(slot & 15) * DualPde.BigTableBytes;

    private sealed class DirectorySlots
    {
        internal DirectorySlots(TableShape shape)
        {
            int slots = shape == TableShape.Dual ? DualSlots : 512;
            Children = new PageTable?[slots];
            Leaves = new ulong[slots];
            BigGroups = shape == TableShape.Dual ? new PageTable?[DualSlots >> GroupShift] : [];
            BigLinked = shape == TableShape.Dual ? new bool[DualSlots] : [];
        }

        internal PageTable?[] Children { get; }

        internal ulong[] Leaves { get; }

        internal PageTable?[] BigGroups { get; }

        internal bool[] BigLinked { get; }
    }
}
