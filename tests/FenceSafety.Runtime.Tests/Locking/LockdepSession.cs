using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Tests.Locking;

/// <summary>A lock-order graph of a test's own, for the thread that makes the session and those that it starts.</summary>
internal sealed class LockdepSession : IDisposable
{
    public LockdepSession() => LockdepGraph.SetSession(Graph);

    public LockdepGraph Graph { get; } = new();

    /// <summary>The one report there must be.</summary>
    public LockdepReport Report => Assert.Single(Graph.Reports);

    public void AssertClean() => Assert.Empty(Graph.Reports.Select(report => report.ToString()));

    public TestThread Start(Action body) => TestThread.Start(Graph, body);

    public void Dispose()
    {
        LockdepGraph.SetSession(null);
        Assert.True(HeldLocks.All.IsEmpty, "The test left a lock held.");
    }
}
