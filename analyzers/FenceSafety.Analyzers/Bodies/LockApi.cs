using FenceSafety.Core.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FenceSafety.Analyzers.Bodies;

/// <summary>What a call of a known lock API does.</summary>
/// <param name="IsAcquire">Takes the lock; else gives it back.</param>
/// <param name="FromArgument">The lock is the first argument; else the receiver.</param>
/// <param name="ReturnsTaken">The result says whether it was taken.</param>
/// <param name="TakenParameter">The parameter that says so, or -1.</param>
/// <param name="ReturnsGuard">The result is a guard.</param>
sealed record LockCallInfo(
    bool IsAcquire, LockMode Mode, bool FromArgument = false, bool ReturnsTaken = false, int TakenParameter = -1, bool ReturnsGuard = false)
{
    /// <summary>Gives the lock back, waits, and takes it again.</summary>
    public bool Waits { get; init; }

    /// <summary>Gives back what was acquired in the same mode, and nothing else.</summary>
    public bool ReleasesExactly { get; init; }
}

/// <summary>The framework's locks (rules.md, section 2, "Known lock APIs").</summary>
static class LockApi
{
    /// <summary>Names that lead to a body that takes or gives locks.</summary>
    public static readonly string[] Names =
    {
        "Enter", "TryEnter", "Exit", "EnterScope", "Wait", "WaitAsync", "Release", "WaitOne", "ReleaseMutex",
        "EnterReadLock", "EnterWriteLock", "EnterUpgradeableReadLock", "TryEnterReadLock", "TryEnterWriteLock", "TryEnterUpgradeableReadLock",
        "ExitReadLock", "ExitWriteLock", "ExitUpgradeableReadLock", "AcquireReaderLock", "AcquireWriterLock", "ReleaseReaderLock",
        "ReleaseWriterLock", "UpgradeToWriterLock", "DowngradeFromWriterLock", "ReleaseLock", "Synchronized",
    };

    public static LockCallInfo? Recognize(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.ContainingType is not { ContainingNamespace: { Name: "Threading", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } } type)
            return null;
        return type.Name switch
        {
            "Monitor" => OfMonitor(call, method),
            "Lock" => OfLock(call, method),
            "WaitHandle" or "Mutex" or "Semaphore" => OfWaitHandle(call, method),
            "SemaphoreSlim" => OfSemaphoreSlim(call, method),
            "ReaderWriterLockSlim" => OfReaderWriterLockSlim(call, method),
            "ReaderWriterLock" => OfReaderWriterLock(call, method),
            "SpinLock" => OfSpinLock(call, method),
            _ => null,
        };
    }

    static LockCallInfo? OfMonitor(IInvocationOperation call, IMethodSymbol method) => method.Name switch
    {
        "Enter" => new(true, LockMode.Monitor, FromArgument: true, TakenParameter: RefParameter(method)),
        "TryEnter" => new(
            true, LockMode.Monitor with { NonBlocking = !CanWait(call) }, FromArgument: true, ReturnsTaken: !method.ReturnsVoid,
            TakenParameter: RefParameter(method)),
        "Exit" => new(false, LockMode.Monitor, FromArgument: true),
        "Wait" => new(true, LockMode.Monitor, FromArgument: true) { Waits = true },
        _ => null,
    };

    static LockCallInfo? OfLock(IInvocationOperation call, IMethodSymbol method) => method.Name switch
    {
        "Enter" => new(true, LockMode.Monitor),
        "TryEnter" => new(true, LockMode.Monitor with { NonBlocking = !CanWait(call) }, ReturnsTaken: true),
        "EnterScope" => new(true, LockMode.Monitor, ReturnsGuard: true),
        "Exit" => new(false, LockMode.Monitor),
        _ => null,
    };

    static LockCallInfo? OfWaitHandle(IInvocationOperation call, IMethodSymbol method)
    {
        string? kind = call.Instance?.Type?.Name;
        var mode = new LockMode(LockKind.Sleeping, Recursive: kind == "Mutex");
        return (kind, method.Name) switch
        {
            ("Mutex" or "Semaphore", "WaitOne") when method.Parameters.IsEmpty => new(true, mode),
            ("Mutex" or "Semaphore", "WaitOne") => new(true, mode with { NonBlocking = !CanWait(call) }, ReturnsTaken: true),
            ("Mutex", "ReleaseMutex") or ("Semaphore", "Release") => new(false, mode),
            _ => null,
        };
    }

    static LockCallInfo? OfSemaphoreSlim(IInvocationOperation call, IMethodSymbol method) => method.Name switch
    {
        "Wait" or "WaitAsync" => new(
            true, LockMode.Sleeping with { NonBlocking = HasTimeout(method) && !CanWait(call) }, ReturnsTaken: HasTimeout(method)),
        "Release" => new(false, LockMode.Sleeping),
        _ => null,
    };

    static LockCallInfo? OfReaderWriterLockSlim(IInvocationOperation call, IMethodSymbol method)
    {
        bool recursive = LockRecursion.IsDeclared(call.Instance);
        var shared = new LockMode(LockKind.Sleeping, recursive, Shared: true);
        var exclusive = new LockMode(LockKind.Sleeping, recursive);
        var upgradeable = new LockMode(LockKind.Sleeping, recursive, Upgrade: true);
        return method.Name switch
        {
            "EnterReadLock" => new(true, shared),
            "EnterWriteLock" => new(true, exclusive),
            "EnterUpgradeableReadLock" => new(true, upgradeable),
            "TryEnterReadLock" => new(true, shared with { NonBlocking = !CanWait(call) }, ReturnsTaken: true),
            "TryEnterWriteLock" => new(true, exclusive with { NonBlocking = !CanWait(call) }, ReturnsTaken: true),
            "TryEnterUpgradeableReadLock" => new(true, upgradeable with { NonBlocking = !CanWait(call) }, ReturnsTaken: true),
            "ExitReadLock" => new(false, shared) { ReleasesExactly = true },
            "ExitWriteLock" => new(false, exclusive) { ReleasesExactly = true },
            "ExitUpgradeableReadLock" => new(false, upgradeable) { ReleasesExactly = true },
            _ => null,
        };
    }

    static LockCallInfo? OfReaderWriterLock(IInvocationOperation call, IMethodSymbol method) => method.Name switch
    {
        "AcquireReaderLock" => new(true, new LockMode(LockKind.Sleeping, Recursive: true, Shared: true)),
        "AcquireWriterLock" => new(true, new LockMode(LockKind.Sleeping, Recursive: true)),
        "UpgradeToWriterLock" => new(true, new LockMode(LockKind.Sleeping, Recursive: true, Upgrade: true)),
        "ReleaseReaderLock" or "ReleaseWriterLock" or "ReleaseLock" or "DowngradeFromWriterLock" => new(false, LockMode.Sleeping),
        _ => null,
    };

    static LockCallInfo? OfSpinLock(IInvocationOperation call, IMethodSymbol method) => method.Name switch
    {
        "Enter" => new(true, LockMode.Spin, TakenParameter: RefParameter(method)),
        "TryEnter" => new(true, LockMode.Spin with { NonBlocking = !CanWait(call) }, TakenParameter: RefParameter(method)),
        "Exit" => new(false, LockMode.Spin),
        _ => null,
    };

    static int RefParameter(IMethodSymbol method)
    {
        foreach (var p in method.Parameters)
        {
            if (p.RefKind == RefKind.Ref)
                return p.Ordinal;
        }
        return -1;
    }

    static bool HasTimeout(IMethodSymbol method) => method.Parameters.Any(static p => p.Type.SpecialType == SpecialType.System_Int32 || p.Type.Name == "TimeSpan");

    /// <summary>A try with a timeout that is not known to be zero can wait.</summary>
    static bool CanWait(IInvocationOperation call)
    {
        foreach (var a in call.Arguments)
        {
            if (a.Parameter is not { } p || (p.Type.SpecialType != SpecialType.System_Int32 && p.Type.Name != "TimeSpan"))
                continue;
            var value = a.Value;
            if (value.ConstantValue is { HasValue: true, Value: 0 })
                return false;
            return value is not (IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } } or IDefaultValueOperation);
        }
        return false;
    }
}
