namespace FenceSafety.Runtime.Simulation;

/// <summary>How the hardware reads an entry. Written from the register headers, independently of the driver's types.</summary>
internal abstract class HardwareFormat
{
    internal abstract int AddressBits { get; }

    /// <summary>Lowest address bit and index width of the 8-byte directories, from the root down to the one above the 16-byte
    /// directory.</summary>
    internal abstract (int Bit, int Width)[] Directories { get; }

    internal abstract bool IsLeaf(ulong entry, int bit);

    internal abstract MmuFault TableOf(ulong entry, out ulong table);

    internal abstract MmuFault BigTableOf(ulong low, out ulong table);

    internal abstract MmuFault InvalidEntry(ulong entry);

    internal abstract bool HidesSmallPages(ulong bigEntry);

    internal abstract Translation Page(ulong entry, ulong size);
}

/// <summary>Turing to Ada.</summary>
internal sealed class HardwareFormatV2 : HardwareFormat
{
    internal override int AddressBits => 49;

    internal override (int Bit, int Width)[] Directories { get; } = [(47, 2), (38, 9), (29, 9)];

    internal override bool IsLeaf(ulong entry, int bit) => false;

    internal override MmuFault TableOf(ulong entry, out ulong table)
    {
        table = (entry >> 8 & 0x1FF_FFFF) << 12;
        return (entry & 0b111) switch
        {
            0b010 => (entry >> 33 & 7) == 0 ? MmuFault.None : MmuFault.BadEntry,
            0b000 => (entry & 0b1000) != 0 ? MmuFault.Sparse : MmuFault.InvalidDirectory,
            0b001 => MmuFault.InvalidDirectory,
            _ => MmuFault.BadEntry,
        };
    }

    internal override MmuFault BigTableOf(ulong low, out ulong table)
    {
        table = (low >> 4 & 0x1FFF_FFFF) << 8;
        return (low >> 1 & 3) switch
        {
            1 => MmuFault.None,
            0 => (low & 8) != 0 ? MmuFault.Sparse : MmuFault.InvalidDirectory,
            _ => MmuFault.BadEntry,
        };
    }

    internal override MmuFault InvalidEntry(ulong entry) => (entry & 8) != 0 ? MmuFault.Sparse : MmuFault.InvalidEntry;

    internal override bool HidesSmallPages(ulong bigEntry) => (bigEntry & 0x29) == 0x20;

    internal override Translation Page(ulong entry, ulong size)
    {
        int aperture = (int)(entry >> 1) & 3;
        int kind = (int)(entry >> 56);
        ulong frame = aperture < 2 ? entry >> 8 & 0x1FF_FFFF : entry >> 8 & 0x3FFF_FFFF_FFFF;
        return new Translation(kind == 7 ? MmuFault.BadEntry : MmuFault.None, frame << 12, size, (entry & 0x40) == 0, aperture, kind);
    }
}

/// <summary>Hopper and Blackwell.</summary>
internal sealed class HardwareFormatV3 : HardwareFormat
{
    internal override int AddressBits => 57;

    internal override (int Bit, int Width)[] Directories { get; } = [(56, 1), (47, 9), (38, 9), (29, 9)];

    internal override bool IsLeaf(ulong entry, int bit) => bit == 29 && (entry & 1) != 0;

    internal override MmuFault TableOf(ulong entry, out ulong table)
    {
        table = entry & 0x000F_FFFF_FFFF_F000;
        return (entry >> 1 & 3) switch
        {
            1 => (entry & 1) == 0 ? MmuFault.None : MmuFault.BadEntry,
            0 => (entry & 8) != 0 ? MmuFault.Sparse : MmuFault.InvalidDirectory,
            _ => MmuFault.BadEntry,
        };
    }

    internal override MmuFault BigTableOf(ulong low, out ulong table)
    {
        table = low & 0x000F_FFFF_FFFF_FF00;
        return (low >> 1 & 3) switch
        {
            1 => MmuFault.None,
            0 => (low & 8) != 0 ? MmuFault.Sparse : MmuFault.InvalidDirectory,
            _ => MmuFault.BadEntry,
        };
    }

    internal override MmuFault InvalidEntry(ulong entry) => (entry >> 3 & 0x1F) == 1 ? MmuFault.Sparse : MmuFault.InvalidEntry;

    internal override bool HidesSmallPages(ulong bigEntry) => (bigEntry >> 3 & 0x1F) == 3;

    internal override Translation Page(ulong entry, ulong size)
    {
        int kind = (int)(entry >> 8) & 0xF;
        return new Translation(
            kind == 7 ? MmuFault.BadEntry : MmuFault.None,
            entry & 0x000F_FFFF_FFFF_F000,
            size,
            (entry & 0x20) == 0,
            (int)(entry >> 1) & 3,
            kind);
    }
}
