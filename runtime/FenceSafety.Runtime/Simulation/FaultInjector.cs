namespace FenceSafety.Runtime.Simulation;

/// <summary>What is to go wrong, and when. Everything is off until it is set; nothing is random.</summary>
public sealed class FaultInjector
{
    private long _writesUntilFailure = long.MaxValue;
    private long _readsUntilFailure = long.MaxValue;
    private long _registerWritesUntilFailure = long.MaxValue;
    private long _failures;

    /// <summary>While set, a TLB invalidation that was triggered never completes.</summary>
    public bool TlbHang { get; set; }

    /// <summary>Device time in nanoseconds from the trigger of a TLB invalidation until the units have dropped their entries.</summary>
    public ulong TlbDelay { get; set; }

    /// <summary>
    /// Further device time in nanoseconds until the far TLBs have dropped theirs. An invalidation that asks for the global
    /// acknowledgement reports completion only then; one without reports it before, and stale translations live on for that long.
    /// </summary>
    public ulong TlbGlobalLag { get; set; }

    /// <summary>How many accesses have failed by injection.</summary>
    public long Failures => _failures;

    /// <summary>Lets <paramref name="count"/> words be written through the aperture, then fails <paramref name="failures"/>
    /// writes.</summary>
    public void FailWriteAfter(long count, long failures = 1) => Arm(ref _writesUntilFailure, ref _writeFailures, count, failures);

    /// <summary>Lets <paramref name="count"/> words be read through the aperture, then fails <paramref name="failures"/> reads.</summary>
    public void FailReadAfter(long count, long failures = 1) => Arm(ref _readsUntilFailure, ref _readFailures, count, failures);

    /// <summary>Lets <paramref name="count"/> registers be written, then fails <paramref name="failures"/> writes.</summary>
    public void FailRegisterWriteAfter(long count, long failures = 1) =>
        Arm(ref _registerWritesUntilFailure, ref _registerFailures, count, failures);

    /// <summary>Switches every fault off.</summary>
    public void Clear()
    {
        _writesUntilFailure = _readsUntilFailure = _registerWritesUntilFailure = long.MaxValue;
        TlbHang = false;
        TlbDelay = 0;
        TlbGlobalLag = 0;
    }

    private long _writeFailures;
    private long _readFailures;
    private long _registerFailures;

    internal int AllowWrites(int wanted) => Allow(ref _writesUntilFailure, ref _writeFailures, wanted);

    internal int AllowReads(int wanted) => Allow(ref _readsUntilFailure, ref _readFailures, wanted);

    internal bool AllowRegisterWrite() => Allow(ref _registerWritesUntilFailure, ref _registerFailures, 1) == 1;

    private static void Arm(ref long until, ref long failures, long count, long failureCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(failureCount, "failures");
        failures = failureCount;
        until = count;
    }

    /// <summary>How many of the wanted accesses succeed, one after the other, before one fails.</summary>
    private int Allow(ref long until, ref long failures, int wanted)
    {
        if (until == long.MaxValue)
            return wanted;
        if (wanted <= until)
        {
            until -= wanted;
            return wanted;
        }

        int allowed = (int)until;
        until = 0;
        _failures++;
        if (--failures == 0)
            until = long.MaxValue;
        return allowed;
    }
}
