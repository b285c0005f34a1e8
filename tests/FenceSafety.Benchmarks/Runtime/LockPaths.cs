using System.Runtime.CompilerServices;
using FenceSafety.Benchmarks.Harness;
using FenceSafety.Runtime.Locking;

namespace FenceSafety.Benchmarks.Runtime;

/// <summary>
/// Whether lockdep, switched off, leaves code in the locks: a process of its own takes them until the just-in-time compiler has made its
/// final code of them, which is listed. That a listing names lockdep while that is on shows that the question can be answered.
/// </summary>
internal static class LockPaths
{
    /// <summary>The argument of the process of its own; behind it, whether lockdep is on, and for how many rounds.</summary>
    public const string Argument = "--exercise-locks";

    private static readonly string[] s_methods =
    [
        "SleepingMutex:Lock", "SleepingMutex:TryLock", "SleepingMutex:Unlock",
        "RawSpinLock:Lock", "RawSpinLock:TryLock", "RawSpinLock:Unlock",
        "RwSemaphore:ReadLock", "RwSemaphore:TryReadLock", "RwSemaphore:ReadUnlock",
        "RwSemaphore:WriteLock", "RwSemaphore:TryWriteLock", "RwSemaphore:WriteUnlock",
        "LockPaths:Take",
    ];

    public static void Check(Counts counts)
    {
        Dictionary<string, string> off = Listings(isOn: false);
        Dictionary<string, string> on = Listings(isOn: true);
        foreach (string method in s_methods)
        {
            counts.True($"{method}: has lockdep in it while that is on", Find(on, method) is { } with && MentionsLockdep(with));
            counts.True($"{method}: has nothing of it while that is off", Find(off, method) is { } without && !MentionsLockdep(without));
        }
    }

    /// <summary>Takes and releases locks until the compiler has had the time to optimise that.</summary>
    public static int Exercise(bool isOn, int rounds)
    {
        AppContext.SetSwitch(Lockdep.SwitchName, isOn);
        var mutex = new SleepingMutex("exercise.mutex");
        var spin = new RawSpinLock("exercise.spin");
        var semaphore = new RwSemaphore("exercise.semaphore");
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < 100; i++)
                Take(mutex, spin, semaphore);
            Thread.Sleep(25);
        }

        return Lockdep.Enabled == isOn ? 0 : 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Take(SleepingMutex mutex, RawSpinLock spin, RwSemaphore semaphore)
    {
        mutex.Lock().Dispose();
        if (mutex.TryLock(out SleepingMutex.Guard tried))
            tried.Dispose();
        spin.Lock().Dispose();
        if (spin.TryLock(out RawSpinLock.Guard triedSpin))
            triedSpin.Dispose();
        semaphore.ReadLock().Dispose();
        if (semaphore.TryReadLock(out RwSemaphore.ReadGuard triedRead))
            triedRead.Dispose();
        semaphore.WriteLock().Dispose();
        if (semaphore.TryWriteLock(out RwSemaphore.WriteGuard triedWrite))
            triedWrite.Dispose();
    }

    /// <summary>Final code by the method's name. A machine that is busy with something else gets a second, longer try.</summary>
    private static Dictionary<string, string> Listings(bool isOn)
    {
        Dictionary<string, string> listings = [];
        foreach (string rounds in new[] { "40", "400" })
        {
            listings = JitListing.Of([Argument, isOn.ToString(), rounds], s_methods.Select(method => method.Split(':')[1]).Distinct());
            if (Array.TrueForAll(s_methods, method => Find(listings, method) is not null))
                break;
        }

        return listings;
    }

    private static string? Find(Dictionary<string, string> listings, string method) =>
        listings.FirstOrDefault(listing => listing.Key.EndsWith('.' + method, StringComparison.Ordinal)).Value;

    // All of lockdep's types, and nothing else in the locks, have one of these in their names.
    private static bool MentionsLockdep(string listing) =>
        listing.Contains(nameof(Lockdep), StringComparison.Ordinal) || listing.Contains(nameof(HeldLocks), StringComparison.Ordinal);
}
