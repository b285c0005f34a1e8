namespace BrokenDriver.Mistakes;

// The mistake in this file: Pin takes the lock of the eviction list and then that of the pinned list, Unpin takes them the other way round.
// Two threads that do both at the same time wait for each other for ever.

/// <summary>Which buffer objects may be evicted, and which must stay because a job uses them.</summary>
internal sealed class EvictionLists(int capacity)
{
    private readonly Lock _evictionLock = new();
    private readonly Lock _pinnedLock = new();
    private readonly bool[] _evictable = new bool[capacity];
    private readonly int[] _pins = new int[capacity];

    public void Pin(int bufferObject)
    {
        lock (_evictionLock)
        {
            _evictable[bufferObject] = false;
            lock (_pinnedLock) // mistake: FENCE005
                _pins[bufferObject]++;
        }
    }

    public void Unpin(int bufferObject)
    {
        lock (_pinnedLock)
        {
            if (--_pins[bufferObject] > 0)
                return;
            lock (_evictionLock) // mistake: FENCE005
                _evictable[bufferObject] = true;
        }
    }
}
