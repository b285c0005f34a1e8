namespace FenceSafety.Runtime.Simulation;

/// <summary>The chip's side of the PRAMIN window: where the base register lies and how many bits of it are wired.</summary>
internal sealed class PraminRegisters(GpuArchitecture architecture)
{
    internal const uint ApertureStart = 0x0070_0000;
    internal const uint ApertureSize = 0x0010_0000;

    // Turing to Ada: base in 23:0 and target in 25:24. Hopper wires 21:0 and Blackwell 22:0, neither has a target.
    private readonly uint _wired = architecture switch
    {
        GpuArchitecture.Hopper => 0x003F_FFFF,
        GpuArchitecture.Blackwell => 0x007F_FFFF,
        _ => 0x03FF_FFFF,
    };

    private readonly uint _baseBits = architecture switch
    {
        GpuArchitecture.Hopper => 0x003F_FFFF,
        GpuArchitecture.Blackwell => 0x007F_FFFF,
        _ => 0x00FF_FFFF,
    };

    internal uint Offset { get; } = architecture <= GpuArchitecture.Ada ? 0x0000_1700u : 0x0010_FD40u;

    internal uint Value { get; private set; }

    /// <summary>Video-memory address of the first byte of the window.</summary>
    internal ulong WindowStart => (ulong)(Value & _baseBits) << 16;

    /// <summary>Whether the window shows video memory, and not memory of the system.</summary>
    internal bool ShowsVideoMemory => (Value & ~_baseBits) == 0;

    internal void Write(uint value) => Value = value & _wired;
}
