namespace FenceSafety.Runtime.Reclaiming;

/// <summary>A cache that gives memory back under pressure.</summary>
[RunsInReclaim]
public interface IShrinker
{
    /// <summary>The number of objects that could be freed; 0 if there are none.</summary>
    long CountObjects();

    /// <summary>
    /// Frees objects. May wait for fences. Must not allocate, nor take a lock that anyone allocates under.
    /// </summary>
    /// <param name="target">How many objects to try to free.</param>
    /// <returns>How many were freed.</returns>
    long ScanObjects(long target);
}
