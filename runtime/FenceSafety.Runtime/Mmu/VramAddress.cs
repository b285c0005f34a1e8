namespace FenceSafety.Runtime.Mmu;

/// <summary>An address in video memory.</summary>
/// <param name="Raw">The address in bytes.</param>
public readonly record struct VramAddress(ulong Raw) : IComparable<VramAddress>
{
    /// <summary>The first byte.</summary>
    public static VramAddress Zero => default;

    /// <summary>The frame that holds the address. The offset is dropped.</summary>
    public Pfn Pfn => new(Raw >> MmuLayout.PageShift);

    /// <summary>Whether the address is a multiple of <paramref name="alignment"/>, a power of two.</summary>
    public bool IsAligned(ulong alignment) => (Raw & (alignment - 1)) == 0;

    /// <summary>The next multiple of <paramref name="alignment"/> at or below the address.</summary>
    public VramAddress AlignDown(ulong alignment) => new(Raw & ~(Checked(alignment) - 1));

    /// <summary>The next multiple of <paramref name="alignment"/> at or above the address.</summary>
    /// <exception cref="OverflowException">There is none below 2^64.</exception>
    public VramAddress AlignUp(ulong alignment) => new(checked(Raw + (Checked(alignment) - 1)) & ~(alignment - 1));

    /// <summary>Adds, and says so if the sum does not fit into 64 bits.</summary>
    public bool TryAdd(ulong bytes, out VramAddress sum)
    {
        sum = new VramAddress(unchecked(Raw + bytes));
        return sum.Raw >= Raw;
    }

    /// <summary>The address <paramref name="bytes"/> further on.</summary>
    public static VramAddress operator +(VramAddress address, ulong bytes) => new(checked(address.Raw + bytes));

    /// <summary>Distance in bytes.</summary>
    /// <exception cref="OverflowException"><paramref name="right"/> is the higher address.</exception>
    public static ulong operator -(VramAddress left, VramAddress right) => checked(left.Raw - right.Raw);

    /// <summary>Whether <paramref name="left"/> is below <paramref name="right"/>.</summary>
    public static bool operator <(VramAddress left, VramAddress right) => left.Raw < right.Raw;

    /// <summary>Whether <paramref name="left"/> is above <paramref name="right"/>.</summary>
    public static bool operator >(VramAddress left, VramAddress right) => left.Raw > right.Raw;

    /// <summary>Whether <paramref name="left"/> is not above <paramref name="right"/>.</summary>
    public static bool operator <=(VramAddress left, VramAddress right) => left.Raw <= right.Raw;

    /// <summary>Whether <paramref name="left"/> is not below <paramref name="right"/>.</summary>
    public static bool operator >=(VramAddress left, VramAddress right) => left.Raw >= right.Raw;

    /// <inheritdoc/>
    public int CompareTo(VramAddress other) => Raw.CompareTo(other.Raw);

    /// <summary>Hexadecimal.</summary>
    public override string ToString() => $"VRAM 0x{Raw:X}";

    private static ulong Checked(ulong alignment) =>
        ulong.IsPow2(alignment)
            ? alignment
            : throw new ArgumentOutOfRangeException(nameof(alignment), alignment, "An alignment must be a power of two.");
}
