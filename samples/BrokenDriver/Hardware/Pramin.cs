namespace BrokenDriver.Hardware;

/// <summary>
/// The CPU's view of video memory: a window of 1 MiB that has to be moved to where one wants to look. Its lock protects the position of
/// the window, and with it the page tables, which are written through the window alone.
/// </summary>
internal sealed class Pramin(Vram vram)
{
    private const ulong WindowSize = 1 << 20;

    private readonly Lock _gate = new();
    private ulong _base;

    /// <summary>Takes the PRAMIN lock; it is held until the window is disposed.</summary>
    public PraminWindow Window() => new(this, _gate.EnterScope());

    internal ulong Read64(ulong address) => vram.Read64(_base + Offset(address));

    internal void Write64(ulong address, ulong value) => vram.Write64(_base + Offset(address), value);

    private ulong Offset(ulong address)
    {
        if (address - _base >= WindowSize)
            _base = address & ~(WindowSize - 1);
        return address - _base;
    }
}
