using FenceSafety.Core.Facts;
using FenceSafety.Summaries.Metadata;

namespace FenceSafety.Summaries.Bodies;

/// <summary>What a call of a known lock API does (rules: "Known lock APIs").</summary>
/// <param name="FromArgument">The lock is the first argument; else the receiver.</param>
/// <param name="ReturnsTaken">The result says whether it was taken.</param>
/// <param name="TakenParameter">The parameter that says so, or -1.</param>
sealed record LockCall(
    bool IsAcquire, LockMode Mode, bool FromArgument = false, bool ReturnsTaken = false, int TakenParameter = -1, bool ReturnsGuard = false)
{
    /// <summary>Gives the lock back, waits, and takes it again.</summary>
    public bool Waits { get; init; }
}

static class LockCalls
{
    /// <param name="receiver">The static type of the receiver.</param>
    /// <param name="mayWait">The timeout that is passed is not known to be zero.</param>
    public static LockCall? Recognize(MethodUse method, IlType? receiver, Func<int, bool> mayWait)
    {
        string type = method.TypeName;
        if (!type.StartsWith("System.Threading.", StringComparison.Ordinal))
            return null;
        bool canWait = false;
        for (int i = 0; i < method.Parameters.Length; i++)
            canWait |= IsTimeout(method.Parameters[i]) && mayWait(i);
        bool hasTimeout = method.Parameters.Any(IsTimeout);
        int taken = -1;
        for (int i = method.Parameters.Length - 1; i >= 0; i--)
        {
            if (method.Parameters[i] is ByRefType)
                taken = i;
        }
        return type["System.Threading.".Length..] switch
        {
            "Monitor" => OfMonitor(method, canWait, taken),
            "Lock" => OfLock(method, canWait),
            "WaitHandle" or "Mutex" or "Semaphore" => OfWaitHandle(method, receiver, canWait),
            "SemaphoreSlim" => method.Name switch
            {
                "Wait" or "WaitAsync" => new(true, LockMode.Sleeping with { NonBlocking = hasTimeout && !canWait }, ReturnsTaken: hasTimeout),
                "Release" => new(false, LockMode.Sleeping),
                _ => null,
            },
            "ReaderWriterLockSlim" => OfReaderWriterLockSlim(method, canWait),
            "ReaderWriterLock" => OfReaderWriterLock(method),
            "SpinLock" => method.Name switch
            {
                "Enter" => new(true, LockMode.Spin, TakenParameter: taken),
                "TryEnter" => new(true, LockMode.Spin with { NonBlocking = !canWait }, TakenParameter: taken),
                "Exit" => new(false, LockMode.Spin),
                _ => null,
            },
            _ => null,
        };
    }

    static bool IsTimeout(IlType type) => type.Is("System.Int32") || type.Is("System.TimeSpan");

    static LockCall? OfMonitor(MethodUse method, bool canWait, int taken) => method.Name switch
    {
        "Enter" => new(true, LockMode.Monitor, FromArgument: true, TakenParameter: taken),
        "TryEnter" => new(
            true, LockMode.Monitor with { NonBlocking = !canWait }, FromArgument: true, ReturnsTaken: !method.ReturnsVoid, TakenParameter: taken),
        "Exit" => new(false, LockMode.Monitor, FromArgument: true),
        "Wait" => new(true, LockMode.Monitor, FromArgument: true) { Waits = true },
        _ => null,
    };

    static LockCall? OfLock(MethodUse method, bool canWait) => method.Name switch
    {
        "Enter" => new(true, LockMode.Monitor),
        "TryEnter" => new(true, LockMode.Monitor with { NonBlocking = !canWait }, ReturnsTaken: true),
        "EnterScope" => new(true, LockMode.Monitor, ReturnsGuard: true),
        "Exit" => new(false, LockMode.Monitor),
        _ => null,
    };

    static LockCall? OfWaitHandle(MethodUse method, IlType? receiver, bool canWait)
    {
        bool mutex = receiver is not null && receiver.Is("System.Threading.Mutex") || method.TypeName == "System.Threading.Mutex";
        bool semaphore = receiver is not null && receiver.Is("System.Threading.Semaphore") || method.TypeName == "System.Threading.Semaphore";
        if (!mutex && !semaphore)
            return null;
        var mode = new LockMode(LockKind.Sleeping, Recursive: mutex);
        return method.Name switch
        {
            "WaitOne" when method.Parameters.IsEmpty => new(true, mode),
            "WaitOne" => new(true, mode with { NonBlocking = !canWait }, ReturnsTaken: true),
            "ReleaseMutex" when mutex => new(false, mode),
            "Release" when semaphore => new(false, mode),
            _ => null,
        };
    }

    static LockCall? OfReaderWriterLockSlim(MethodUse method, bool canWait)
    {
        var shared = LockMode.Sleeping with { Shared = true };
        var upgradeable = LockMode.Sleeping with { Upgrade = true };
        return method.Name switch
        {
            "EnterReadLock" => new(true, shared),
            "EnterWriteLock" => new(true, LockMode.Sleeping),
            "EnterUpgradeableReadLock" => new(true, upgradeable),
            "TryEnterReadLock" => new(true, shared with { NonBlocking = !canWait }, ReturnsTaken: true),
            "TryEnterWriteLock" => new(true, LockMode.Sleeping with { NonBlocking = !canWait }, ReturnsTaken: true),
            "TryEnterUpgradeableReadLock" => new(true, upgradeable with { NonBlocking = !canWait }, ReturnsTaken: true),
            "ExitReadLock" => new(false, shared),
            "ExitWriteLock" => new(false, LockMode.Sleeping),
            "ExitUpgradeableReadLock" => new(false, upgradeable),
            _ => null,
        };
    }

    static LockCall? OfReaderWriterLock(MethodUse method) => method.Name switch
    {
        "AcquireReaderLock" => new(true, new LockMode(LockKind.Sleeping, Recursive: true, Shared: true)),
        "AcquireWriterLock" => new(true, new LockMode(LockKind.Sleeping, Recursive: true)),
        "UpgradeToWriterLock" => new(true, new LockMode(LockKind.Sleeping, Recursive: true, Upgrade: true)),
        "ReleaseReaderLock" or "ReleaseWriterLock" or "ReleaseLock" or "DowngradeFromWriterLock" => new(false, LockMode.Sleeping),
        _ => null,
    };
}
