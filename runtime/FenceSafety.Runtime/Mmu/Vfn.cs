namespace FenceSafety.Runtime.Mmu;

/// <summary>Virtual frame number: a virtual address in units of 4 KiB.</summary>
/// <param name="Raw">The number.</param>
public readonly record struct Vfn(ulong Raw) : IComparable<Vfn>
{
    /// <summary>Address of the first byte of the page.</summary>
    /// <exception cref="OverflowException">The number has more than 52 bits.</exception>
    public VirtualAddress Address => new(checked(Raw * MmuLayout.PageBytes));

    /// <summary>The frame <paramref name="pages"/> further on.</summary>
    public static Vfn operator +(Vfn frame, ulong pages) => new(checked(frame.Raw + pages));

    /// <inheritdoc/>
    public int CompareTo(Vfn other) => Raw.CompareTo(other.Raw);

    /// <summary>Hexadecimal.</summary>
    public override string ToString() => $"VFN 0x{Raw:X}";
}
