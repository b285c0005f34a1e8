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
    public void Waiting_for_it_takes_nothing_from_the_managed_heap()
    {
        for (int round = 0; round < 3; round++)
        {
            SleepingMutex mutex = new("test.mutex");
            bool isHeld = false;
            long bytes = -1;
            TestThread waiter = TestThread.Start(() =>
            {
                // What lockdep, which is on here, keeps for a thread it makes at the thread's first lock. The thread must not have waited
                // for anything yet: what the framework needs for that it makes at the first wait.
                _mutex.Lock().Dispose();
                while (!Volatile.Read(ref isHeld))
                {
                    Thread.SpinWait(10);
                }

                long before = GC.GetAllocatedBytesForCurrentThread();
                mutex.Lock().Dispose();
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            });
            using (mutex.Lock())
            {
                Volatile.Write(ref isHeld, true);
                waiter.AwaitItsSleep();
            }

            waiter.Join();
            Assert.Equal(0, bytes);
        }
    }

    [Fact]
    public void A_waiter_gets_it_from_a_thread_that_takes_it_again_at_once()
    {
        bool isOver = false;
        TestThread greedy = TestThread.Start(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                using SleepingMutex.Guard guard = _mutex.Lock();
                Thread.Sleep(1);
            }
        });
        TestThread patient = TestThread.Start(() =>
        {
            for (int i = 0; i < 5; i++)
            {
                _mutex.Lock().Dispose();
            }
        });
        try
        {
            patient.Join();
        }
        finally
        {
            Volatile.Write(ref isOver, true);
        }

        greedy.Join();
    }

    [Fact]
    public void An_interrupted_waiter_leaves_it_as_it_was()
    {
        Exception? failure = null;
        Thread waiter = new(() => failure = Record.Exception(() => _mutex.Lock().Dispose()));
        using (_mutex.Lock())
        {
            waiter.Start();
            waiter.Interrupt();
            Assert.True(waiter.Join(TestThread.Bound));
            Assert.IsType<ThreadInterruptedException>(failure);
            Assert.True(_mutex.IsHeldByCurrentThread);
        }

        TestThread.Run(() => _mutex.Lock().Dispose());
        Assert.True(_mutex.TryLock(out SleepingMutex.Guard guard));
        guard.Dispose();
    }

    [Fact]
    public void Interruptions_at_any_time_lose_neither_the_mutex_nor_a_waiter()
    {
        int counter = 0;
        int expected = 0;
        bool isOver = false;
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 3000; i++)
            {
                try
                {
                    using SleepingMutex.Guard guard = _mutex.Lock();
                    counter++;
                    Interlocked.Increment(ref expected);
                    Thread.SpinWait(500);
                }
                catch (ThreadInterruptedException)
                {
                }
            }
        }) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        TestThread interrupter = TestThread.Start(() =>
        {
            for (int i = 0; !Volatile.Read(ref isOver); i++)
            {
                threads[i % threads.Length].Interrupt();
                Thread.SpinWait(2000);
            }
        });
        bool ended = Array.TrueForAll(threads, thread => thread.Join(TestThread.Bound));
        Volatile.Write(ref isOver, true);
        interrupter.Join();
        Assert.True(ended, "A thread waits for ever.");
        Assert.Equal(expected, counter);
        Assert.True(_mutex.TryLock(out SleepingMutex.Guard last));
        last.Dispose();
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
