using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>
/// Reads the tables that firmware built under its root: links what can be followed, and reserves every address that is mapped, sparse, or
/// lies behind a table that cannot be followed.
/// </summary>
internal sealed class TableImporter(MmuVersion version, Pramin pramin, VaSpace space)
{
    private readonly ulong[][] _buffers = new ulong[version.DirectoryLevels() + 1][];
    private VaRange? _last;

    internal void Import(PageTable root) => ImportDirectory(root, PageTableLevel.Pdb, 0);

    private void ImportDirectory(PageTable table, PageTableLevel level, ulong tableFirst)
    {
        int shift = version.EntryShift(level);
        int entries = version.EntriesPerTable(level);
        bool giants = version == MmuVersion.V3 && shift == MmuLayout.GiantShift;
        TableShape below = level + 1 == version.DualLevel() ? TableShape.Dual : TableShape.Directory;
        ulong[] words = Read(table, level);
        for (int slot = 0; slot < entries; slot++)
        {
            ulong first = tableFirst + ((ulong)slot << shift);
            var pde = new Pde(version, words[slot]);
            if (pde.IsValidVram && Follow(pde.Table, below) is { } child)
            {
                table.Children[slot] = child;
                if (child.Shape == TableShape.Dual)
                    ImportDual(child, level + 1, first);
                else
                    ImportDirectory(child, level + 1, first);
            }
            else if (pde.IsValid || pde.IsSparse || (giants && pde.IsPte))
            {
                Reserve(first, 1UL << shift);
            }
        }
    }

    private void ImportDual(PageTable table, PageTableLevel level, ulong tableFirst)
    {
        ulong[] words = Read(table, level);
        for (int slot = 0; slot < PageTable.DualSlots; slot++)
        {
            ulong first = tableFirst + ((ulong)slot << MmuLayout.DualShift);
            var dual = new DualPde(version, words[slot * 2], words[slot * 2 + 1]);

            // Big tables of firmware are not grouped like ours, so the whole slot is left to it.
            bool foreign = dual.IsPte || dual.BigAperture != PdeAperture.Invalid || dual.IsSparse;
            if (!foreign && dual.HasSmall && Follow(dual.SmallTable, TableShape.Leaf) is { } child)
            {
                table.Children[slot] = child;
                ImportPages(child, first);
            }
            else if (foreign || dual.SmallAperture != PdeAperture.Invalid)
            {
                Reserve(first, 1UL << MmuLayout.DualShift);
            }
        }
    }

    private void ImportPages(PageTable table, ulong tableFirst)
    {
        ulong[] words = Read(table, version.PteLevel());
        for (int i = 0; i < words.Length; i++)
        {
            var pte = new Pte(version, words[i]);
            if (pte.IsValid || pte.IsSparse)
                Reserve(tableFirst + (ulong)i, 1);
        }
    }

    private ulong[] Read(PageTable table, PageTableLevel level)
    {
        ulong[] words = _buffers[(int)level] ??= new ulong[MmuLayout.PageBytes / sizeof(ulong)];
        using PraminWindow window = pramin.Window();
        if (window.ReadRun(table.Address, words) != words.Length)
            throw new GpuAccessException($"The page table at {table.Address} could not be read.");
        return words;
    }

    private PageTable? Follow(VramAddress table, TableShape shape) =>
        table < pramin.End ? new PageTable(shape, new VramFrame(table), owned: false) : null;

    private void Reserve(ulong first, ulong pages)
    {
        if (_last is { } last && last.End == first)
        {
            space.Release(last);
            space.TryReserve(last, last.First, last.Pages + pages);
            return;
        }

        _last = new VaRange();
        space.TryReserve(_last, first, pages);
    }
}
