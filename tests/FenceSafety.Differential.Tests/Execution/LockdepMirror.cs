using System.Collections.Immutable;
using FenceSafety.Runtime.Locking;

namespace FenceSafety.Differential.Tests.Execution;

/// <summary>
/// Tells the runtime's lockdep what a program does, with a graph for each program. Contexts that a method only declares are entered
/// for the one event, as entering them waits for nothing.
/// </summary>
internal sealed class LockdepMirror(string program)
{
    private readonly LockdepGraph _graph = new();

    public ImmutableArray<LockdepReport> Reports => _graph.Reports;

    /// <summary>The graph is the calling thread's until it is given another.</summary>
    public void Attach() => LockdepGraph.SetSession(_graph);

    public static void Detach() => LockdepGraph.SetSession(null);

    public void Acquire(Holding taken, bool mayWait, List<Holding> held)
    {
        LockClass known = LockClass.Of(program + "/" + taken.Class);
        HeldKind kind = (taken.IsSpin ? HeldKind.Spin : HeldKind.Sleeping) | (taken.IsShared ? HeldKind.Shared : 0) | (mayWait ? 0 : HeldKind.Try);
        if (mayWait)
            InContext(taken.Frames, held, () => _graph.MightLock(known, taken.Instance!, kind));
        HeldLocks.Push(known, taken.Instance!, kind);
    }

    public void Release(object instance) => HeldLocks.Pop(instance);

    public void Happened(EventKind kind, ImmutableArray<Frame> frames, List<Holding> held)
    {
        if (kind == EventKind.Allocation)
            InContext(frames, held, () => _graph.MightEnter(LockClass.Reclaim));
        else if (kind == EventKind.FenceWait)
            InContext(frames, held, () => _graph.MightEnter(LockClass.Fence));
    }

    private static void InContext(ImmutableArray<Frame> frames, List<Holding> held, Action action)
    {
        bool reclaim = frames.Any(f => f.Method.RunsInReclaim);
        bool fence = frames.Any(f => f.IsCritical) || held.Exists(h => h.IsRegion);
        if (reclaim)
            HeldLocks.Enter(HeldKind.Reclaim | HeldKind.Try);
        if (fence)
            HeldLocks.Enter(HeldKind.Fence | HeldKind.Shared | HeldKind.Try);
        action();
        if (fence)
            HeldLocks.Leave(HeldKind.Fence);
        if (reclaim)
            HeldLocks.Leave(HeldKind.Reclaim);
    }
}
