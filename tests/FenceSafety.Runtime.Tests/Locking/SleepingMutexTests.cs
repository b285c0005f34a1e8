using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Tests.Locking;

public sealed class SleepingMutexTests
{
    private readonly SleepingMutex _mutex = new("test.mutex");

    [Fact]
    public void Guard_releases_on_dispose()
    {
        using (_mutex.Lock())
        {
            Assert.True(_mutex.IsHeldByCurrentThread);
        }

        Assert.False(_mutex.IsHeldByCurrentThread);
        TestThread.Run(() =>
        {
            using SleepingMutex.Guard guard = _mutex.Lock();
        });
    }

    [Fact]
    public void Excludes_other_threads()
    {
        int counter = 0;
        TestThread[] threads = [.. Enumerable.Range(0, 4).Select(_ => TestThread.Start(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                using (_mutex.Lock())
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
    public void Recursion_is_an_error_and_leaves_the_mutex_held_once()
    {
        using (_mutex.Lock())
        {
            LockRecursionException error = Assert.Throws<LockRecursionException>(() => _mutex.Lock().Dispose());
            Assert.Contains("'test.mutex'", error.Message, StringComparison.Ordinal);
            Assert.True(_mutex.IsHeldByCurrentThread);
        }

        Assert.False(_mutex.IsHeldByCurrentThread);
    }

    [Fact]
    public void TryLock_fails_without_waiting_and_its_empty_guard_releases_nothing()
    {
        using (_mutex.Lock())
        {
            Assert.False(_mutex.TryLock(out SleepingMutex.Guard own));
            own.Dispose();
            Assert.True(_mutex.IsHeldByCurrentThread);
            TestThread.Run(() => Assert.False(_mutex.TryLock(out _)));
        }

        Assert.True(_mutex.TryLock(out SleepingMutex.Guard guard));
        guard.Dispose();
    }

    [Fact]
    public void A_second_dispose_is_an_error()
    {
        SleepingMutex.Guard guard = _mutex.Lock();
        guard.Dispose();
        bool refused = false;
        try
        {
            guard.Dispose();
        }
        catch (SynchronizationLockException)
        {
            refused = true;
        }

        Assert.True(refused);
    }
}
