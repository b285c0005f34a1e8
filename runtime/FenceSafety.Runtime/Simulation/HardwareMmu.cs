namespace FenceSafety.Runtime.Simulation;

/// <summary>
/// The GPU's own translator: reads page-table bytes in video memory and remembers what it read, as hardware does. It is the oracle of the
/// tests and shares neither code nor constants with the driver's walker.
/// </summary>
public sealed class HardwareMmu
{
    private readonly ReservedMemory _vram;
    private readonly HardwareTlb _tlb;
    private readonly HardwareFormat _format;

    internal HardwareMmu(ReservedMemory vram, HardwareTlb tlb, bool thirdGeneration)
    {
        _vram = vram;
        _tlb = tlb;
        _format = thirdGeneration ? new HardwareFormatV3() : new HardwareFormatV2();
    }

    /// <summary>How many translations and directory entries are cached.</summary>
    public int CachedEntries => _tlb.Count;

    /// <summary>Translates with the TLB, as the engines do.</summary>
    /// <param name="root">Video-memory address of the root table.</param>
    /// <param name="address">Virtual address.</param>
    /// <param name="write">Whether the access writes.</param>
    public Translation Translate(ulong root, ulong address, bool write = false)
    {
        if (_tlb.TryGetLeaf(root, address >> 12, out Translation cached))
            return Check(cached with { Physical = cached.Physical | (address & 0xFFF) }, write);
        Translation result = Walk(root, address, useCache: true);
        if (result.IsMapped)
            _tlb.AddLeaf(root, address >> 12, result with { Physical = result.Physical & ~0xFFFUL });
        return Check(result, write);
    }

    /// <summary>Translates by the bytes in memory alone and remembers nothing.</summary>
    /// <param name="root">Video-memory address of the root table.</param>
    /// <param name="address">Virtual address.</param>
    /// <param name="write">Whether the access writes.</param>
    public Translation TranslateUncached(ulong root, ulong address, bool write = false) =>
        Check(Walk(root, address, useCache: false), write);

    private static Translation Check(Translation found, bool write) =>
        write && found.IsMapped && !found.Writable ? found with { Fault = MmuFault.ReadOnly } : found;

    private Translation Walk(ulong root, ulong address, bool useCache)
    {
        if (address >> _format.AddressBits != 0)
            return new Translation(MmuFault.AddressTooWide, 0);
        if (useCache && _tlb.TryGetDirectory(root, address >> 21, out ulong low, out ulong high))
            return FromLastDirectory(low, high, address);

        ulong table = root;
        foreach ((int bit, int width) in _format.Directories)
        {
            ulong index = address >> bit & ((1UL << width) - 1);
            if (!TryRead(table + index * 8, out ulong entry))
                return new Translation(MmuFault.BadEntry, table);
            if (_format.IsLeaf(entry, bit))
                return Leaf(entry, 1UL << bit, address);
            if (_format.TableOf(entry, out table) is var fault and not MmuFault.None)
                return new Translation(fault, 0);
        }

        ulong slot = table + (address >> 21 & 0xFF) * 16;
        if (!TryRead(slot, out low) || !TryRead(slot + 8, out high))
            return new Translation(MmuFault.BadEntry, slot);
        if (useCache && ((low & 7) != 0 || (high & 6) != 0))
            _tlb.AddDirectory(root, address >> 21, low, high);
        return FromLastDirectory(low, high, address);
    }

    private Translation FromLastDirectory(ulong low, ulong high, ulong address)
    {
        if ((low & 1) != 0)
            return Leaf(low, 1UL << 21, address);

        MmuFault big = _format.BigTableOf(low, out ulong bigTable);
        if (big == MmuFault.BadEntry)
            return new Translation(big, 0);
        if (big == MmuFault.None)
        {
            if (!TryRead(bigTable + (address >> 16 & 0x1F) * 8, out ulong entry))
                return new Translation(MmuFault.BadEntry, bigTable);
            if ((entry & 1) != 0)
                return Leaf(entry, 1UL << 16, address);
            if (_format.InvalidEntry(entry) == MmuFault.Sparse)
                return new Translation(MmuFault.Sparse, 0);
            if (_format.HidesSmallPages(entry))
                return new Translation(MmuFault.InvalidEntry, 0);
        }

        MmuFault small = _format.TableOf(high, out ulong smallTable);
        if (small != MmuFault.None)
        {
            // Neither half is valid: the big half says whether the slot is sparse.
            bool neither = big != MmuFault.None && small == MmuFault.InvalidDirectory;
            return new Translation(neither ? big : big == MmuFault.None ? MmuFault.InvalidEntry : small, 0);
        }

        if (!TryRead(smallTable + (address >> 12 & 0x1FF) * 8, out ulong pte))
            return new Translation(MmuFault.BadEntry, smallTable);
        return (pte & 1) != 0 ? Leaf(pte, 1UL << 12, address) : new Translation(_format.InvalidEntry(pte), 0);
    }

    private Translation Leaf(ulong entry, ulong pageSize, ulong address)
    {
        Translation page = _format.Page(entry, pageSize);
        if (!page.IsMapped)
            return page;
        bool outside = page.Aperture == 0 && (page.Physical >= _vram.Size || _vram.Size - page.Physical < pageSize);
        if (outside || (page.Physical & (pageSize - 1)) != 0)
            return page with { Fault = MmuFault.BadEntry };
        return page with { Physical = page.Physical | (address & (pageSize - 1)) };
    }

    private bool TryRead(ulong address, out ulong entry)
    {
        bool inside = address < _vram.Size && _vram.Size - address >= 8;
        entry = inside ? _vram.Read(address, 8) : 0;
        return inside;
    }
}
