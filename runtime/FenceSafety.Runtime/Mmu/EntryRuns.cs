using System.Numerics;
using System.Runtime.InteropServices;

namespace FenceSafety.Runtime.Mmu;

/// <summary>What is done to hundreds of entries at once, several in a register.</summary>
internal static class EntryRuns
{
    /// <summary>All bits of all entries together.</summary>
    internal static ulong Or(ReadOnlySpan<ulong> entries)
    {
        ReadOnlySpan<Vector<ulong>> wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(entries);
        Vector<ulong> any = Vector<ulong>.Zero;
        for (int i = 0; i < wide.Length; i++)
            any |= wide[i];
        ulong all = 0;
        for (int i = 0; i < Vector<ulong>.Count; i++)
            all |= any[i];
        for (int i = wide.Length * Vector<ulong>.Count; i < entries.Length; i++)
            all |= entries[i];
        return all;
    }

    /// <summary>Writes <paramref name="template"/> with each frame number shifted in.</summary>
    internal static void Encode(ReadOnlySpan<Pfn> frames, ulong template, int shift, Span<ulong> entries)
    {
        ReadOnlySpan<ulong> numbers = MemoryMarshal.Cast<Pfn, ulong>(frames);
        ReadOnlySpan<Vector<ulong>> from = MemoryMarshal.Cast<ulong, Vector<ulong>>(numbers);
        Span<Vector<ulong>> to = MemoryMarshal.Cast<ulong, Vector<ulong>>(entries);
        var wideTemplate = new Vector<ulong>(template);
        for (int i = 0; i < from.Length; i++)
            to[i] = wideTemplate | from[i] << shift;
        for (int i = from.Length * Vector<ulong>.Count; i < numbers.Length; i++)
            entries[i] = template | numbers[i] << shift;
    }

    /// <summary>Flips bits in all entries whose lowest byte is that of the first one, as long as there are only such.</summary>
    /// <returns>How many were flipped, from the first on; the others are untouched.</returns>
    internal static int FlipAlike(Span<ulong> entries, ulong flip)
    {
        Span<Vector<ulong>> wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(entries);
        var wideFlip = new Vector<ulong>(flip);
        var low = new Vector<ulong>(0xFF);
        var first = new Vector<ulong>(entries[0] & 0xFF);
        int done = 0;
        for (; done < wide.Length; done++)
        {
            Vector<ulong> entry = wide[done];
            if (!Vector.EqualsAll(entry & low, first))
                break;
            wide[done] = entry ^ wideFlip;
        }

        return done * Vector<ulong>.Count;
    }
}
