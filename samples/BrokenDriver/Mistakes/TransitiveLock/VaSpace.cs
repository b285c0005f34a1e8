using BrokenDriver.Binding;
using BrokenDriver.Locking;
using FenceSafety;

namespace BrokenDriver.Mistakes.TransitiveLock;

// The mistake in this folder: the run stage takes lock A, which is the one in this file. Elsewhere, in CountResident, lock B is taken while
// A is held, behind the interface IResidency: it is the one in BufferObjectStore.cs. And elsewhere again, B is held while the pages of a
// buffer object are allocated, which ShmemPages.cs does. No file is wrong by itself, and nobody allocates under A; still, A must not be
// taken in the run stage.

/// <summary>Which virtual pages show which buffer object.</summary>
internal sealed class VaSpace(int capacity)
{
    private readonly KernelMutex _lockA = new();
    private readonly VaRange[] _ranges = new VaRange[capacity];
    private int _count;

    /// <summary>Enters a range, in the place of what it overlaps.</summary>
    [FenceCritical]
    public void Commit(VaRange range)
    {
        using var guard = _lockA.Acquire(); // mistake: FENCE002
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (!_ranges[i].Overlaps(range))
                _ranges[kept++] = _ranges[i];
        }

        _ranges[kept] = range;
        _count = kept + 1;
    }

    /// <summary>The first range that overlaps the given one, or an empty one.</summary>
    public VaRange Find(VaRange range)
    {
        using var guard = _lockA.Acquire();
        for (int i = 0; i < _count; i++)
        {
            if (_ranges[i].Overlaps(range))
                return _ranges[i];
        }

        return default;
    }

    /// <summary>How many ranges show a buffer object that has its pages.</summary>
    public int CountResident(IResidency residency)
    {
        using var guard = _lockA.Acquire();
        int resident = 0;
        for (int i = 0; i < _count; i++)
        {
            if (residency.IsResident(_ranges[i].BufferObject))
                resident++;
        }

        return resident;
    }
}
