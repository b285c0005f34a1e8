using BrokenDriver.Memory;

namespace BrokenDriver.Mistakes;

// The mistake in this file: the log gets its memory under a spin lock. The allocation may sleep, and the other processors spin for as long
// as it does. Allocate before the lock is taken, or with Gfp.Atomic.

/// <summary>The pages that the GPU could not find.</summary>
internal sealed class FaultLog(KernelMemory memory, int capacity)
{
    private const int RecordBytes = 32;

    private readonly (uint Page, HostBlock Record)[] _faults = new (uint, HostBlock)[capacity];
    private SpinLock _lock = new(enableThreadOwnerTracking: false);

    public int Count { get; private set; }

    public void Record(uint page)
    {
        bool taken = false;
        try
        {
            _lock.Enter(ref taken);
            if (Count < _faults.Length)
                _faults[Count++] = (page, memory.Allocate(RecordBytes, Gfp.Kernel)); // mistake: FENCE006
        }
        finally
        {
            if (taken)
                _lock.Exit();
        }
    }
}
