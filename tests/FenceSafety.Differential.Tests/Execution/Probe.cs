using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>What executed programs tell, and ask for their decisions. Outside of a run it does nothing, so that static initialisers may call it.</summary>
public static class Probe
{
    [ThreadStatic]
    private static ProgramRun? t_run;

    internal static ProgramRun? Run
    {
        get => t_run;
        set => t_run = value;
    }

    /// <summary>A body begins; it ends where what is returned is disposed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FrameScope Frame(int number)
    {
        if (t_run is { } run)
        {
            // Asked for here, where nothing can be inlined between: programs are compiled without optimisation, and this is never inlined.
            if (!run.Stack.Knows(number))
                run.Stack.Learn(number, new StackFrame(1).GetMethod()!);
            run.Stack.Push(number);
        }

        return new FrameScope(t_run);
    }

    /// <summary>The innermost body is at this line.</summary>
    public static void At(int line) => t_run?.Stack.At(line);

    /// <summary>The body that is called next was converted to a fence-critical delegate.</summary>
    public static void Converted() => t_run?.Stack.Converted();

    public static bool Flip() => t_run?.Number(2) == 1;

    public static int Number(int end) => t_run?.Number(end) ?? 0;

    public static void Acquire(object instance, bool shared = false, bool spin = false, bool recursive = false, bool upgradeable = false) =>
        t_run?.Acquire(new Acquisition(instance, shared, spin, recursive, upgradeable, IsTry: false));

    public static bool TryAcquire(object instance, bool shared = false, bool spin = false, bool recursive = false) =>
        t_run?.Acquire(new Acquisition(instance, shared, spin, recursive, IsUpgradeable: false, IsTry: true)) ?? true;

    /// <summary>The lock of a synchronized method, until what is returned is disposed.</summary>
    public static LockScope Synchronized(object instance)
    {
        Acquire(instance, recursive: true);
        return new LockScope(instance);
    }

    public static void Release(object instance) => t_run?.Release(instance);

    /// <summary>The body that begins says that its callers hold this lock.</summary>
    public static void Require(object instance) => t_run?.Require(instance);

    /// <summary>Whether the innermost body holds neither a lock nor a region.</summary>
    public static bool HoldsNothing() => t_run?.HoldsNothing ?? true;

    public static void BeginRegion() => t_run?.BeginRegion();

    public static void EndRegion() => t_run?.EndRegion();

    public static void Allocation() => t_run?.Happened(EventKind.Allocation);

    public static void FenceWait() => t_run?.Happened(EventKind.FenceWait);

    public static void BlockingWait() => t_run?.Happened(EventKind.BlockingWait);

    public static long Bytes() => GC.GetAllocatedBytesForCurrentThread();

    /// <summary>To be called right after a statement: it allocated, if the counter moved.</summary>
    public static void Managed(long before)
    {
        if (GC.GetAllocatedBytesForCurrentThread() > before)
            t_run?.Happened(EventKind.Managed);
    }

    public static void Created(object value) => t_run?.Values.Created(value);

    public static void Consumed(object value) => t_run?.Values.Consumed(value);

    public static void Found(object value) => t_run?.Values.Found(value);

    public static bool TakeReference(object value) => t_run?.Values.TakeReference(value) ?? true;

    public static void PutReference(object value) => t_run?.Values.PutReference(value);

    public static int Snapshot() => t_run?.Values.Snapshot() ?? 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Stable(int value) => t_run?.Values.Stable(value);
}

/// <summary>The time that a lock is held.</summary>
public readonly struct LockScope : IDisposable
{
    private readonly object _instance;

    internal LockScope(object instance) => _instance = instance;

    public void Dispose() => Probe.Release(_instance);
}

/// <summary>The time that a body runs.</summary>
public readonly struct FrameScope : IDisposable
{
    private readonly ProgramRun? _run;

    internal FrameScope(ProgramRun? run) => _run = run;

    public void Dispose() => _run?.BodyEnds();
}
