namespace FenceSafety.Runtime.Simulation;

/// <summary>What the driver did to the device. Counts, unlike times, are the same on every machine.</summary>
public sealed class DeviceCounters
{
    /// <summary>Registers written.</summary>
    public long RegisterWrites { get; internal set; }

    /// <summary>Registers read.</summary>
    public long RegisterReads { get; internal set; }

    /// <summary>Times that the PRAMIN window was moved.</summary>
    public long WindowMoves { get; internal set; }

    /// <summary>TLB invalidations triggered.</summary>
    public long TlbInvalidations { get; internal set; }

    /// <summary>Accesses or words written through the aperture.</summary>
    public long WordsWritten { get; internal set; }

    /// <summary>Accesses or words read through the aperture.</summary>
    public long WordsRead { get; internal set; }

    /// <summary>Accesses to a register that the chip does not have.</summary>
    public long UnknownRegisters { get; internal set; }
}
