using BrokenDriver.Locking;
using BrokenDriver.Memory;

namespace BrokenDriver.Mistakes.TransitiveLock;

// The mistake that this is a part of is told in VaSpace.cs: lock B is taken under A, and held while allocating.

/// <summary>The buffer objects and their pages in host memory.</summary>
internal sealed class BufferObjectStore(ShmemPages shmem, int capacity) : IResidency
{
    private readonly KernelMutex _lockB = new();
    private readonly HostBlock[] _pages = new HostBlock[capacity];

    public bool IsResident(int bufferObject)
    {
        using var guard = _lockB.Acquire();
        return _pages[bufferObject].Bytes != 0;
    }

    /// <summary>Gives a buffer object its pages, if it has none.</summary>
    public void Populate(int bufferObject, uint pages)
    {
        using var guard = _lockB.Acquire();
        if (_pages[bufferObject].Bytes == 0)
            _pages[bufferObject] = shmem.Read(pages); // mistake: FENCE004
    }
}
