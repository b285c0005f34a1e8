namespace BrokenDriver.Memory;

/// <summary>How an allocation may go about getting its memory.</summary>
[Flags]
internal enum Gfp
{
    None = 0,

    /// <summary>May use the emergency reserve, and never blocks.</summary>
    Atomic = 1,

    /// <summary>May wait for memory reclaim, which may wait for fences.</summary>
    DirectReclaim = 2,

    Io = 4,

    Kernel = DirectReclaim | Io,
}
