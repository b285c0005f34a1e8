using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>
/// The way of the seed (series v7, V2 format), flaws included, so that each test of a fixed flaw is seen to fail on it. Only the wrong
/// address layout is left out: that one is tested by itself. An <c>Err</c> is an <see cref="InvalidOperationException"/> here.
/// </summary>
internal sealed class SeedVmm(GpuMm mm, VramAddress root)
{
    private readonly SortedDictionary<ulong, (VramFrame Page, PageTableLevel Level)> _ptPages = [];
    private readonly List<VramFrame> _pageTableAllocs = new(0);
    private readonly HashSet<ulong> _va = [];

    /// <summary>Pages of the virtual address space that are taken.</summary>
    public int ReservedPages => _va.Count;

    public int PendingTables => _ptPages.Count;

    public int Reserved => _pageTableAllocs.Capacity - _pageTableAllocs.Count;

    /// <summary>The formula: by the number of pages alone, root included.</summary>
    public static int UpperBound(ulong pages)
    {
        ulong tables = 1;
        ulong below = pages;
        foreach (ulong entries in new ulong[] { 512, 256, 512, 512 })
        {
            below = (below + entries - 1) / entries;
            tables += below;
        }

        return (int)tables;
    }

    public SeedPrepared PrepareMap(ulong first, ulong pages)
    {
        int additional = UpperBound(pages);
        int wanted = _pageTableAllocs.Count + additional;
        if (wanted > _pageTableAllocs.Capacity)
            _pageTableAllocs.Capacity = Math.Max(2 * _pageTableAllocs.Capacity, wanted);
        for (ulong vfn = first; vfn < first + pages; vfn++)
        {
            if (!_va.Add(vfn))
                throw new InvalidOperationException("EBUSY");
        }

        for (ulong vfn = first; vfn < first + pages; vfn++)
            EnsurePtePath(new Vfn(vfn));
        return new SeedPrepared(first, pages);
    }

    /// <summary>What dropping does: the addresses are freed, the tables stay pending.</summary>
    public void Drop(SeedPrepared prepared) => FreeVa(prepared);

    public SeedPrepared ExecuteMap(SeedPrepared prepared, ReadOnlySpan<Pfn> frames, bool writable)
    {
        try
        {
            if ((ulong)frames.Length != prepared.Pages)
                throw new InvalidOperationException("EINVAL");
            using (PraminWindow window = mm.Pramin.Window())
            {
                while (_ptPages.Count != 0)
                {
                    (ulong slot, (VramFrame page, PageTableLevel level)) = _ptPages.First();
                    _ptPages.Remove(slot);
                    if (level == PageTableLevel.L3)
                    {
                        Write(in window, slot, 0, page);
                        Write(in window, slot + 8, Pde.Vram(MmuVersion.V2, page.Address).Raw, page);
                    }
                    else
                    {
                        Write(in window, slot, Pde.Vram(MmuVersion.V2, page.Address).Raw, page);
                    }

                    if (_pageTableAllocs.Count == _pageTableAllocs.Capacity)
                    {
                        mm.Allocator.FreeFrames([page]);
                        throw new InvalidOperationException("ENOMEM");
                    }

                    _pageTableAllocs.Add(page);
                }

                for (int i = 0; i < frames.Length; i++)
                {
                    ulong slot = PteSlot(in window, new Vfn(prepared.First + (ulong)i));
                    window.Write64(new VramAddress(slot), Pte.Vram(MmuVersion.V2, frames[i], new PageAttributes(writable)).Raw);
                }
            }

            mm.Tlb.Flush(root, TlbAck.None);
            return prepared;
        }
        catch
        {
            FreeVa(prepared);
            throw;
        }
    }

    public void UnmapPages(SeedPrepared range)
    {
        try
        {
            using (PraminWindow window = mm.Pramin.Window())
            {
                for (ulong i = 0; i < range.Pages; i++)
                    window.Write64(new VramAddress(PteSlot(in window, new Vfn(range.First + i))), 0);
            }

            mm.Tlb.Flush(root, TlbAck.None);
        }
        finally
        {
            FreeVa(range);
        }
    }

    /// <summary>What dropping the manager does: the tables are freed, the entries that lead to them stay.</summary>
    public void Dispose()
    {
        foreach (VramFrame page in _pageTableAllocs.Concat(_ptPages.Values.Select(p => p.Page)))
            mm.Allocator.FreeFrames([page]);
    }

    private void Write(in PraminWindow window, ulong slot, ulong value, VramFrame owner)
    {
        if (window.TryWrite64(new VramAddress(slot), value))
            return;
        mm.Allocator.FreeFrames([owner]);
        throw new InvalidOperationException("EIO");
    }

    private void FreeVa(SeedPrepared range)
    {
        for (ulong vfn = range.First; vfn < range.First + range.Pages; vfn++)
            _va.Remove(vfn);
    }

    private void EnsurePtePath(Vfn vfn)
    {
        for (int attempt = 0; attempt < 8; attempt++)
        {
            (ulong slot, PageTableLevel level) missing;
            using (PraminWindow window = mm.Pramin.Window())
                missing = FindMissing(in window, vfn);
            if (missing.slot == 0)
                return;
            var page = new VramFrame[1];
            mm.Allocator.AllocateFrames(page);
            using (PraminWindow window = mm.Pramin.Window())
                window.FillRun(page[0].Address, 512, 0);
            _ptPages.Add(missing.slot, (page[0], missing.level));
        }

        throw new InvalidOperationException("EIO");
    }

    private (ulong Slot, PageTableLevel Level) FindMissing(in PraminWindow window, Vfn vfn)
    {
        VramAddress table = root;
        for (PageTableLevel level = PageTableLevel.Pdb; level < PageTableLevel.L4; level++)
        {
            VramAddress slot = new PageTableWalker(MmuVersion.V2, root).Slot(table, level, vfn);
            var pde = new Pde(MmuVersion.V2, window.Read64(level == PageTableLevel.L3 ? slot + 8 : slot));
            if (pde.IsValidVram)
                table = pde.Table;
            else if (_ptPages.TryGetValue(slot.Raw, out var pending))
                table = pending.Page.Address;
            else
                return (slot.Raw, level);
        }

        return (0, default);
    }

    private ulong PteSlot(in PraminWindow window, Vfn vfn)
    {
        WalkResult found = new PageTableWalker(MmuVersion.V2, root).Walk(in window, vfn);
        return found.Outcome is WalkOutcome.Mapped or WalkOutcome.Unmapped ? found.Slot.Raw : throw new InvalidOperationException("EIO");
    }
}

/// <summary>A prepared or mapped range of the <see cref="SeedVmm"/>.</summary>
internal sealed record SeedPrepared(ulong First, ulong Pages);
