namespace FenceSafety.Runtime.Reclaiming;

/// <summary>What an allocation may do to get memory, after the kernel's <c>gfp_t</c>.</summary>
[Flags]
public enum Gfp
{
    /// <summary>Nothing that blocks: the allocation may fail instead (GFP_ATOMIC, GFP_NOWAIT).</summary>
    Atomic = 0,

    /// <summary>Direct reclaim: MMU notifiers may run, and they may wait for fences.</summary>
    DirectReclaim = 1,

    /// <summary>Reclaim may start input and output.</summary>
    Io = 2,

    /// <summary>Reclaim may call into file systems, and into shrinkers.</summary>
    Fs = 4,

    /// <summary>GFP_NOIO: no shrinkers, but still MMU notifiers, so still forbidden in fence-critical code.</summary>
    NoIo = DirectReclaim,

    /// <summary>GFP_NOFS: no shrinkers, but still MMU notifiers, so still forbidden in fence-critical code.</summary>
    NoFs = DirectReclaim | Io,

    /// <summary>GFP_KERNEL: everything.</summary>
    Kernel = DirectReclaim | Io | Fs,
}
