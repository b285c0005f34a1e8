using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using FenceSafety.Runtime.Fences;
using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Reclaiming;

namespace FenceSafety.Runtime.Tests.Locking;

/// <summary>The switch, seen by a second copy of the runtime that is loaded while it is off.</summary>
public sealed class LockdepOffTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public void Off_unless_switched_on(bool isOn, int expectedReports)
    {
        AppContext.SetSwitch(Lockdep.SwitchName, isOn);
        try
        {
            AssemblyLoadContext context = new("another runtime", isCollectible: true);
            Assembly copy = context.LoadFromAssemblyPath(typeof(Lockdep).Assembly.Location);
            Assert.NotSame(typeof(Lockdep).Assembly, copy);
            Assert.Equal(isOn, copy.GetType(typeof(Lockdep).FullName!)!.GetField(nameof(Lockdep.Enabled))!.GetValue(null));
            Assert.Equal(expectedReports, Misbehave(copy));
            context.Unload();
        }
        finally
        {
            AppContext.SetSwitch(Lockdep.SwitchName, true);
        }
    }

    /// <summary>Allocates and waits in a critical section, with the types of that copy, and counts what it reports.</summary>
    private static int Misbehave(Assembly runtime)
    {
        Type reclaimType = runtime.GetType(typeof(Reclaim).FullName!)!;
        Type timelineType = runtime.GetType(typeof(FenceTimeline).FullName!)!;
        object reclaim = Activator.CreateInstance(reclaimType)!;
        object timeline = Activator.CreateInstance(timelineType, "copy", TimeSpan.FromSeconds(10))!;
        Type held = runtime.GetType(typeof(HeldLocks).FullName!)!;
        Type kind = runtime.GetType(typeof(HeldKind).FullName!)!;
        Type gfp = runtime.GetType(typeof(Gfp).FullName!)!;
        object fence = timelineType.GetMethod(nameof(FenceTimeline.CreateFence))!.Invoke(timeline, [null])!;
        timelineType.GetMethod(nameof(FenceTimeline.Publish))!.Invoke(timeline, [fence]);
        fence.GetType().GetMethod(nameof(DmaFence.Signal))!.Invoke(fence, []);

        held.GetMethod(nameof(HeldLocks.Enter))!.Invoke(null, [Enum.ToObject(kind, (int)(HeldKind.Fence | HeldKind.Try))]);
        reclaimType.GetMethod(nameof(Reclaim.MightAlloc))!.Invoke(reclaim, [Enum.ToObject(gfp, (int)Gfp.Kernel)]);
        fence.GetType().GetMethod(nameof(DmaFence.Wait), [])!.Invoke(fence, []);
        held.GetMethod(nameof(HeldLocks.Leave))!.Invoke(null, [Enum.ToObject(kind, (int)HeldKind.Fence)]);

        Type graphType = runtime.GetType(typeof(LockdepGraph).FullName!)!;
        object graph = graphType.GetProperty(nameof(LockdepGraph.Current))!.GetValue(null)!;
        object reports = graphType.GetProperty(nameof(LockdepGraph.Reports))!.GetValue(graph)!;
        return (int)reports.GetType().GetProperty(nameof(ImmutableArray<>.Length))!.GetValue(reports)!;
    }
}
