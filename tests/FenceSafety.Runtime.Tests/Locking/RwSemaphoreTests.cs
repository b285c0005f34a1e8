using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Tests.Locking;

public sealed class RwSemaphoreTests
{
    private readonly RwSemaphore _lock = new("test.rwsem");

    [Fact]
    public void Readers_share_and_keep_writers_out()
    {
        using (_lock.ReadLock())
        {
            TestThread.Run(() =>
            {
                Assert.True(_lock.TryReadLock(out RwSemaphore.ReadGuard second));
                second.Dispose();
                Assert.False(_lock.TryWriteLock(out _));
            });
        }

        Assert.True(_lock.TryWriteLock(out RwSemaphore.WriteGuard writer));
        writer.Dispose();
    }

    [Fact]
    public void A_writer_keeps_everyone_out()
    {
        using (_lock.WriteLock())
        {
            TestThread.Run(() =>
            {
                Assert.False(_lock.TryReadLock(out _));
                Assert.False(_lock.TryWriteLock(out _));
            });
        }
    }

    [Fact]
    public void A_queued_writer_makes_new_readers_wait()
    {
        TestThread writer;
        using (_lock.ReadLock())
        {
            writer = TestThread.Start(() =>
            {
                using RwSemaphore.WriteGuard guard = _lock.WriteLock();
            });

            // Once the writer is queued, a try to read fails although only a reader holds the lock.
            Assert.True(SpinWait.SpinUntil(ReadIsRefused, TestThread.Bound));
        }

        writer.Join();
        Assert.False(ReadIsRefused());
    }

    [Fact]
    public void A_reader_that_comes_after_a_queued_writer_waits_its_turn()
    {
        List<string> turns = [];
        TestThread writer;
        TestThread reader;
        using (_lock.ReadLock())
        {
            writer = TestThread.Start(() =>
            {
                using RwSemaphore.WriteGuard guard = _lock.WriteLock();
                turns.Add("writer");
            });
            Assert.True(SpinWait.SpinUntil(ReadIsRefused, TestThread.Bound));
            reader = TestThread.Start(() =>
            {
                using RwSemaphore.ReadGuard guard = _lock.ReadLock();
                turns.Add("reader");
            });
            Assert.False(reader.EndsWithin(TimeSpan.FromMilliseconds(100)));
        }

        writer.Join();
        reader.Join();
        Assert.Equal(["writer", "reader"], turns);
    }

    [Fact]
    public void An_interrupted_writer_lets_the_readers_in_again()
    {
        TestThread writer;
        Thread? queued = null;
        using (_lock.ReadLock())
        {
            writer = TestThread.Start(() =>
            {
                queued = Thread.CurrentThread;
                Assert.Throws<ThreadInterruptedException>(() => _lock.WriteLock().Dispose());
            });
            Assert.True(SpinWait.SpinUntil(ReadIsRefused, TestThread.Bound));
            queued!.Interrupt();
            writer.Join();
            Assert.False(ReadIsRefused());
        }
    }

    [Fact]
    public void Writing_excludes_and_loses_no_update()
    {
        int counter = 0;
        TestThread[] threads = [.. Enumerable.Range(0, 4).Select(index => TestThread.Start(() =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                if (index == 0)
                {
                    using RwSemaphore.ReadGuard reader = _lock.ReadLock();
                    Assert.True(counter >= 0);
                }
                else
                {
                    using RwSemaphore.WriteGuard writer = _lock.WriteLock();
                    counter++;
                }
            }
        }))];
        foreach (TestThread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(15_000, counter);
    }

    [Fact]
    public void Writing_is_not_recursive()
    {
        using (_lock.WriteLock())
        {
            Assert.Throws<LockRecursionException>(() => _lock.WriteLock().Dispose());
            Assert.Throws<LockRecursionException>(() => _lock.ReadLock().Dispose());
        }
    }

    [Fact]
    public void Release_of_what_is_not_held_is_an_error()
    {
        Assert.Throws<SynchronizationLockException>(_lock.ReadUnlock);
        Assert.Throws<SynchronizationLockException>(_lock.WriteUnlock);
    }

    private bool ReadIsRefused()
    {
        if (_lock.TryReadLock(out RwSemaphore.ReadGuard guard))
        {
            guard.Dispose();
            return false;
        }

        return true;
    }
}
