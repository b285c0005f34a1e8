namespace FenceSafety.Runtime.Mmu;

/// <summary>Physical frame number: a video-memory address in units of 4 KiB.</summary>
/// <param name="Raw">The number.</param>
public readonly record struct Pfn(ulong Raw) : IComparable<Pfn>
{
    /// <summary>Address of the first byte of the frame.</summary>
    /// <exception cref="OverflowException">The number has more than 52 bits.</exception>
    public VramAddress Address => new(checked(Raw * MmuLayout.PageBytes));

    /// <summary>The frame <paramref name="frames"/> further on.</summary>
    public static Pfn operator +(Pfn frame, ulong frames) => new(checked(frame.Raw + frames));

    /// <inheritdoc/>
    public int CompareTo(Pfn other) => Raw.CompareTo(other.Raw);

    /// <summary>Hexadecimal.</summary>
    public override string ToString() => $"PFN 0x{Raw:X}";
}
