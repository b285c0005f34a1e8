namespace BrokenDriver.Hardware;

/// <summary>The GPU's translation cache, which has to be told when page tables have changed.</summary>
internal sealed class Tlb
{
    private readonly Lock _gate = new();

    /// <summary>How often it has been flushed.</summary>
    public int Flushes { get; private set; }

    /// <summary>Nobody allocates or waits for a fence under this lock, so the run stage may take it.</summary>
    public void Flush()
    {
        lock (_gate)
            Flushes++;
    }
}
