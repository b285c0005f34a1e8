using FenceSafety;

namespace BrokenDriver.Fences;

/// <summary>Signalled once, when the work that it stands for is done.</summary>
internal sealed class DmaFence
{
    private readonly object _gate = new();
    private bool _signalled;

    [FenceCritical]
    public void Signal()
    {
        lock (_gate)
        {
            _signalled = true;
            Monitor.PulseAll(_gate);
        }
    }

    [WaitsForFence]
    public void Wait()
    {
        lock (_gate)
        {
            while (!_signalled)
                Monitor.Wait(_gate);
        }
    }
}
