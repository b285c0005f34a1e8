using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Tests.Locking;

public sealed class RawSpinLockTests
{
    private readonly RawSpinLock _lock = new("test.spin");

    [Fact]
    public void Excludes_other_threads()
    {
        int counter = 0;
        TestThread[] threads = [.. Enumerable.Range(0, 4).Select(_ => TestThread.Start(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                using (_lock.Lock())
                {
                    counter++;
                }
            }
        }))];
        foreach (TestThread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(80_000, counter);
    }

    [Fact]
    public void Recursion_is_an_error_instead_of_spinning_for_ever()
    {
        using (_lock.Lock())
        {
            Assert.Throws<LockRecursionException>(() => _lock.Lock().Dispose());
            Assert.True(_lock.IsHeldByCurrentThread);
        }
    }

    [Fact]
    public void TryLock_fails_while_another_thread_holds_it()
    {
        using (_lock.Lock())
        {
            TestThread.Run(() => Assert.False(_lock.TryLock(out _)));
        }

        Assert.True(_lock.TryLock(out RawSpinLock.Guard guard));
        guard.Dispose();
        Assert.False(_lock.IsHeldByCurrentThread);
    }

    [Fact]
    public void Release_by_a_stranger_is_an_error()
    {
        using (_lock.Lock())
        {
            TestThread.Run(() => Assert.Throws<SynchronizationLockException>(_lock.Unlock));
            Assert.True(_lock.IsHeldByCurrentThread);
        }
    }
}
