namespace FenceSafety.Runtime;

/// <summary>How an operation on the hardware ended. Critical code hands this up instead of throwing half-way.</summary>
internal enum GpuStatus
{
    Ok,
    AccessFailed,
    TimedOut,

    /// <summary>An entry that should be empty is in use.</summary>
    Occupied,
}
