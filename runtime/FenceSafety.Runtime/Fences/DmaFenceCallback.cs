namespace FenceSafety.Runtime.Fences;

/// <summary>
/// Something to be done when a fence signals. An object of the caller, linked into the fence, so that adding it allocates nothing. On one
/// fence at a time.
/// </summary>
public abstract class DmaFenceCallback
{
    /// <summary>The next callback of the fence.</summary>
    internal DmaFenceCallback? Next { get; set; }

    /// <summary>The fence that has it; null while it is free for use.</summary>
    internal DmaFence? Fence { get; set; }

    /// <summary>Runs once, in the critical section of whoever signals the fence. Must not throw.</summary>
    /// <param name="fence">The fence, which has signalled.</param>
    [FenceCritical]
    protected internal abstract void OnSignaled(DmaFence fence);
}
