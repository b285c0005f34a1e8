using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Tests.Locking;

/// <summary>A thread whose end is awaited with a bound, so that a lock that hangs fails a test instead of stopping the run.</summary>
internal sealed class TestThread
{
    /// <summary>How long a thread that must end may take.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly Thread _thread;
    private Exception? _failure;

    private TestThread(LockdepGraph? session, Action body)
    {
        _thread = new Thread(() =>
        {
            LockdepGraph.SetSession(session);
            try
            {
                body();
            }
            catch (Exception failure)
            {
                _failure = failure;
            }
        })
        {
            IsBackground = true,
        };
        _thread.Start();
    }

    public static TestThread Start(Action body) => new(null, body);

    /// <summary>Starts a thread whose locks go to a lock-order graph of the test's own.</summary>
    public static TestThread Start(LockdepGraph session, Action body) => new(session, body);

    public static void Run(Action body) => Start(body).Join();

    /// <summary>Returns once the thread sleeps: in a lock, a wait or a sleep.</summary>
    public void AwaitItsSleep() => Assert.True(
        SpinWait.SpinUntil(() => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0, Bound), "The thread did not come to wait.");

    public bool EndsWithin(TimeSpan bound) => _thread.Join(bound);

    public void Join()
    {
        Assert.True(_thread.Join(Bound), "The thread did not end.");
        if (_failure is not null)
        {
            throw new InvalidOperationException("The thread failed: " + _failure.Message, _failure);
        }
    }
}
