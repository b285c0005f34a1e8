namespace FenceSafety.Runtime.Fences;

/// <summary>Why a fence signalled without the work behind it being done.</summary>
public enum FenceError
{
    /// <summary>It was done.</summary>
    None = 0,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was cancelled before it ran.</summary>
    Cancelled,

    /// <summary>It did not end before the timeline's timeout.</summary>
    TimedOut,

    /// <summary>Earlier work on the timeline did not end in time, and the recovery took this along.</summary>
    Reset,
}
