namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Guards: values that hold a lock until they are disposed.</summary>
public class FENCE004GuardTests
{
    [Fact]
    public Task Reports_under_a_guard_that_stores_another_guard() => Verify.Async(
        """
        readonly ref struct Session
        {
            readonly Pool _pool;
            readonly KMutex.Held _held;

            public Session(Pool pool, KMutex.Held held)
            {
                _pool = pool;
                _held = held;
            }

            public void Dispose() => _held.Dispose();
        }

        class Pool
        {
            [FenceSafeLock] readonly KMutex _lock = new();

            public Session Open() => new(this, _lock.Lock());

            void Refill()
            {
                using (Open())
                    {|#0:Kmem.Get()|};
                Kmem.Get();
            }
        }
        """,
        Verify.At0("FENCE004", "Pool._lock"));

    [Fact]
    public Task Reports_under_a_guard_that_is_a_class() => Verify.Async(
        """
        sealed class LockScope : IDisposable
        {
            readonly object _lock;

            public LockScope(object l)
            {
                _lock = l;
                Monitor.Enter(_lock);
            }

            public void Dispose() => Monitor.Exit(_lock);
        }

        class Pool
        {
            [FenceSafeLock] readonly object _l = new();

            void Refill()
            {
                using (new LockScope(_l))
                    {|#0:Kmem.Get()|};
                Kmem.Get();
            }
        }
        """,
        Verify.At0("FENCE004", "Pool._l"));

    [Fact]
    public Task Silent_after_the_guard_was_disposed() => Verify.Async(
        """
        sealed class LockScope : IDisposable
        {
            readonly object _lock;

            public LockScope(object l)
            {
                _lock = l;
                Monitor.Enter(_lock);
            }

            public void Dispose() => Monitor.Exit(_lock);
        }

        class Pool
        {
            [FenceSafeLock] readonly object _l = new();
            int _n;

            void Refill()
            {
                var scope = new LockScope(_l);
                _n++;
                scope.Dispose();
                Kmem.Get();
            }
        }
        """);
}
