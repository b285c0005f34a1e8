namespace FenceSafety.Runtime.Reclaiming;

/// <summary>Told that reclaim is about to take pages away from under an address range that a device may be using.</summary>
[RunsInReclaim]
public interface IMmuNotifier
{
    /// <summary>
    /// Ends the device's use of the range. May wait for fences: the device may have to finish first. Must not allocate, nor take a lock
    /// that anyone allocates under.
    /// </summary>
    /// <param name="start">The first address.</param>
    /// <param name="end">The end, exclusive.</param>
    void InvalidateRange(ulong start, ulong end);
}
