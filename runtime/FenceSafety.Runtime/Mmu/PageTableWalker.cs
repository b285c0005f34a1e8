using FenceSafety.Runtime.Memory;

namespace FenceSafety.Runtime.Mmu;

/// <summary>The driver's walker: follows the tables of one root through the PRAMIN window, pages of every size included.</summary>
/// <param name="version">Format of the tables.</param>
/// <param name="root">Video-memory address of the root table.</param>
public readonly struct PageTableWalker(MmuVersion version, VramAddress root)
{
    /// <summary>Walks to the entry that decides about a page.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The page lies behind the address space of the format.</exception>
    /// <exception cref="GpuAccessException">The device failed.</exception>
    public WalkResult Walk(in PraminWindow window, Vfn vfn)
    {
        if (vfn.Raw >= version.AddressSpacePages())
            ThrowOutside(version, vfn);
        VramAddress table = root;
        PageTableLevel level = PageTableLevel.Pdb;
        for (; level < version.DualLevel(); level++)
        {
            VramAddress slot = Slot(table, level, vfn);
            var pde = new Pde(version, window.Read64(slot));
            if (pde.IsPte && version == MmuVersion.V3 && version.EntryShift(level) == MmuLayout.GiantShift)
                return new WalkResult(WalkOutcome.Mapped, level, slot, new Pte(version, pde.Raw), MmuLayout.GiantShift);
            if (!pde.IsValidVram)
                return new WalkResult(pde.IsSparse ? WalkOutcome.Sparse : WalkOutcome.TableMissing, level, slot);
            table = pde.Table;
        }

        return WalkDual(in window, Slot(table, level, vfn), level, vfn);
    }

    /// <summary>Address of the entry for a page in a table.</summary>
    public VramAddress Slot(VramAddress table, PageTableLevel level, Vfn vfn) =>
        table + (ulong)(version.Index(level, vfn) * version.EntrySize(level));

    private WalkResult WalkDual(in PraminWindow window, VramAddress slot, PageTableLevel level, Vfn vfn)
    {
        var dual = new DualPde(version, window.Read64(slot), window.Read64(slot + 8));
        if (dual.IsPte)
            return new WalkResult(WalkOutcome.Mapped, level, slot, dual.Page, MmuLayout.DualShift);
        if (dual.HasBig)
        {
            VramAddress bigSlot = dual.BigTable + (vfn.Raw >> MmuLayout.BigShift & 31) * 8;
            var big = new Pte(version, window.Read64(bigSlot));
            if (big.IsValid)
                return new WalkResult(WalkOutcome.Mapped, version.PteLevel(), bigSlot, big, MmuLayout.BigShift);
            if (big.IsSparse)
                return new WalkResult(WalkOutcome.Sparse, version.PteLevel(), bigSlot);
            if (big == Pte.NoSmallPages(version))
                return new WalkResult(WalkOutcome.Unmapped, version.PteLevel(), bigSlot);
        }

        if (!dual.HasSmall)
            return new WalkResult(dual.IsSparse ? WalkOutcome.Sparse : WalkOutcome.TableMissing, level, slot);
        VramAddress pteSlot = Slot(dual.SmallTable, version.PteLevel(), vfn);
        var pte = new Pte(version, window.Read64(pteSlot));
        WalkOutcome outcome = pte.IsValid ? WalkOutcome.Mapped : pte.IsSparse ? WalkOutcome.Sparse : WalkOutcome.Unmapped;
        return new WalkResult(outcome, version.PteLevel(), pteSlot, pte.IsValid ? pte : default);
    }

    private static void ThrowOutside(MmuVersion version, Vfn vfn) =>
        throw new ArgumentOutOfRangeException(
            nameof(vfn), $"{vfn} lies behind the {version.AddressBits()}-bit address space of {version}.");
}
