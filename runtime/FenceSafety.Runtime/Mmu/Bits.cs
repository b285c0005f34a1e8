namespace FenceSafety.Runtime.Mmu;

/// <summary>Bit fields of a 64-bit word, named as in the manuals: high bit, low bit, both inclusive.</summary>
internal static class Bits
{
    internal static ulong Mask(int high, int low) => (ulong.MaxValue >> (63 - (high - low))) << low;

    internal static ulong Get(ulong word, int high, int low) => (word & Mask(high, low)) >> low;

    internal static bool Get(ulong word, int bit) => (word >> bit & 1) != 0;

    internal static ulong Put(ulong word, int bit, bool value) => word & ~(1UL << bit) | (value ? 1UL << bit : 0);

    /// <exception cref="ArgumentOutOfRangeException">The value has more bits than the field.</exception>
    internal static ulong Put(ulong word, int high, int low, ulong value, string field)
    {
        ulong mask = Mask(high, low);
        if (value > mask >> low)
            ThrowTooWide(field, value, high, low);
        return word & ~mask | value << low;
    }

    private static void ThrowTooWide(string field, ulong value, int high, int low) =>
        throw new ArgumentOutOfRangeException(
            field, $"0x{value:X} does not fit into bits {high}:{low}; the largest value is 0x{Mask(high, low) >> low:X}.");
}
