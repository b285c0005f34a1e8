using System.Runtime.CompilerServices;
using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Tests;

/// <summary>Switches lockdep on for the whole test run, before the first lock asks.</summary>
internal static class LockdepSwitch
{
    [ModuleInitializer]
    internal static void SwitchOn()
    {
        AppContext.SetSwitch(Lockdep.SwitchName, true);

        // Read it now: a test of the switch itself will change it.
        RuntimeHelpers.RunClassConstructor(typeof(Lockdep).TypeHandle);
    }
}
