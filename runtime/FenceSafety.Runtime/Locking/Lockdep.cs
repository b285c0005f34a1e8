namespace FenceSafety.Runtime.Locking;

/// <summary>
/// Run-time lockdep: learns the lock order from what the program does, and reports a cycle as soon as its last edge is seen, on whatever
/// thread and whether or not the deadlock happens this time.
/// </summary>
/// <remarks>
/// Off unless the runtime configuration says otherwise (<c>"configProperties": { "FenceSafety.Lockdep": true }</c>). Off costs nothing: the
/// switch is a constant to the just-in-time compiler.
/// </remarks>
public static class Lockdep
{
    /// <summary>The name of the <see cref="AppContext"/> switch; to be set before the first lock is used.</summary>
    public const string SwitchName = "FenceSafety.Lockdep";

    /// <summary>Whether locks, fences and allocations are checked.</summary>
    public static readonly bool Enabled = AppContext.TryGetSwitch(SwitchName, out bool isOn) && isOn;
}
