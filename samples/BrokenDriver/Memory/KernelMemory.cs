using FenceSafety;

namespace BrokenDriver.Memory;

/// <summary>The host's memory. The simulation keeps the accounts only.</summary>
internal sealed class KernelMemory(int capacity)
{
    private int _used;
    private int _blocking;

    /// <summary>Bytes that have not been freed.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>How many allocations could have blocked.</summary>
    public int BlockingAllocations => Volatile.Read(ref _blocking);

    /// <exception cref="InsufficientMemoryException">There is not enough memory left.</exception>
    [MayAllocate(FlagsParameter = nameof(flags), BlockingFlags = Gfp.DirectReclaim)]
    public HostBlock Allocate(int bytes, Gfp flags)
    {
        if ((flags & Gfp.DirectReclaim) != 0)
            Interlocked.Increment(ref _blocking);
        if (Interlocked.Add(ref _used, bytes) > capacity)
        {
            Interlocked.Add(ref _used, -bytes);
            throw new InsufficientMemoryException($"{bytes} bytes of host memory are wanted, and {capacity - Used} of {capacity} are left.");
        }

        return new HostBlock(bytes);
    }

    public void Free(HostBlock block) => Interlocked.Add(ref _used, -block.Bytes);
}
