namespace FenceSafety.Runtime.Memory;

/// <summary>Where in the heap an allocation may lie. The default value is <see cref="Simple"/>.</summary>
public readonly record struct GpuBuddyAllocMode
{
    private GpuBuddyAllocMode(bool isTopDown, bool isRange, ulong start, ulong end)
    {
        IsTopDown = isTopDown;
        IsRange = isRange;
        Start = start;
        End = end;
    }

    /// <summary>
    /// Anywhere: the highest block of the smallest order that suffices. The search, force-merge included, is over the whole heap.
    /// </summary>
    public static GpuBuddyAllocMode Simple => default;

    /// <summary>Anywhere, the highest address first, whatever block must be split for it.</summary>
    public static GpuBuddyAllocMode TopDown => new(isTopDown: true, isRange: false, 0, 0);

    /// <summary>Whether this is <see cref="TopDown"/>.</summary>
    public bool IsTopDown { get; }

    /// <summary>Whether this is a <see cref="Range"/>.</summary>
    public bool IsRange { get; }

    /// <summary>The first byte of the range, relative to the heap.</summary>
    public ulong Start { get; }

    /// <summary>The end of the range, exclusive, relative to the heap.</summary>
    public ulong End { get; }

    /// <summary>
    /// Within a range, the lowest address first. A range of exactly the size that is asked for is taken as it lies, or not at all.
    /// </summary>
    /// <param name="start">
    /// The first byte, a multiple of the chunk size. Ranges are relative to the heap: the base offset is not part of them.
    /// </param>
    /// <param name="end">The end, exclusive, a multiple of the chunk size.</param>
    /// <exception cref="ArgumentException">The range is empty or inverted.</exception>
    public static GpuBuddyAllocMode Range(ulong start, ulong end)
    {
        if (end <= start)
        {
            throw new ArgumentException($"The range [0x{start:X}, 0x{end:X}) is empty; its end must be above its start.", nameof(end));
        }

        return new(isTopDown: false, isRange: true, start, end);
    }
}
