namespace BrokenDriver.Hardware;

/// <summary>Video memory, as 64-bit words. Addresses are in bytes.</summary>
internal sealed class Vram(int pages)
{
    public const int PageSize = 4096;

    private readonly ulong[] _words = new ulong[pages * (PageSize / sizeof(ulong))];

    public int Pages => pages;

    /// <exception cref="ArgumentOutOfRangeException">The address lies outside video memory.</exception>
    public ulong Read64(ulong address) => _words[Index(address)];

    /// <exception cref="ArgumentOutOfRangeException">The address lies outside video memory.</exception>
    public void Write64(ulong address, ulong value) => _words[Index(address)] = value;

    private int Index(ulong address)
    {
        ulong index = address / sizeof(ulong);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, (ulong)_words.Length, nameof(address));
        return (int)index;
    }
}
