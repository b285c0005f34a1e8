namespace FenceSafety.Runtime.Memory;

/// <summary>
/// What differs between families: NV_PBUS_BAR0_WINDOW at 0x1700 with 24 base bits (target 25:24, 0 is video memory) from Turing to Ada,
/// NV_XAL_EP_BAR0_WINDOW at 0x10FD40 with 22 bits on Hopper and 23 on Blackwell. The base is an address shifted right by 16.
/// </summary>
internal readonly struct PraminHal
{
    internal const uint ApertureOffset = 0x70_0000;
    internal const ulong WindowBytes = 1UL << 20;
    internal const int BaseShift = 16;
    internal const ulong BaseAlignment = 1UL << BaseShift;

    internal PraminHal(GpuArchitecture architecture)
    {
        RegisterOffset = architecture >= GpuArchitecture.Hopper ? 0x10_FD40u : 0x1700u;
        BaseBits = architecture switch
        {
            GpuArchitecture.Hopper => 22,
            GpuArchitecture.Blackwell => 23,
            _ => 24,
        };
    }

    internal uint RegisterOffset { get; }

    internal int BaseBits { get; }

    /// <summary>First address that the window cannot start at: 1 TiB, 256 GiB or 512 GiB.</summary>
    internal ulong Reach => 1UL << (BaseBits + BaseShift);
}
