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

    [Theory]
    [InlineData("if (!Monitor.TryEnter(_l)) { gate = null; return false; } gate = new Release(_l); return true;")]
    [InlineData("gate = null; if (!Monitor.TryEnter(_l)) return false; gate = new Release(_l); return true;")]
    [InlineData("Monitor.Enter(_l); gate = new Release(_l); return true;")]
    public Task Reports_under_a_guard_that_arrives_in_an_out_parameter(string take) => Verify.Async(
        """
        sealed class Release(object l) : IDisposable
        {
            public void Dispose() => Monitor.Exit(l);
        }

        class Pool
        {
            [FenceSafeLock] readonly object _l = new();

            bool TryTake(out Release gate) { TAKE }

            void Refill()
            {
                if (!TryTake(out var gate))
                    return;
                using (gate)
                    {|FENCE004:Kmem.Get()|};
                Kmem.Get();
            }

            void Grow()
            {
                if (TryTake(out var gate))
                {
                    {|FENCE004:Kmem.Get()|};
                    gate.Dispose();
                    Kmem.Get();
                }
            }
        }
        """.Replace("TAKE", take));

    [Fact]
    public Task Reports_a_lock_whose_guard_is_not_handed_out() => Verify.Async(
        """
        sealed class Release(object l) : IDisposable
        {
            public void Dispose() => Monitor.Exit(l);
        }

        class Pool
        {
            readonly object _l = new();

            bool TryTake(out Release gate)
            {
                gate = null;
                {|FENCE016:Monitor.Enter(_l)|};
                return false;
            }
        }
        """);

    /// <summary>Whether there is a guard, as a value: it says whether the lock is held.</summary>
    [Theory]
    [InlineData("return held != null;", "if (Take(out var held)) using (held) {|FENCE004:Kmem.Get()|}; Kmem.Get();")]
    [InlineData("return held is not null;", "if (!Take(out var held)) { Kmem.Get(); return; } held.Dispose();")]
    [InlineData("bool none = held == null; return !none;", "if (Take(out var held)) { {|FENCE004:Kmem.Get()|}; held.Dispose(); } Kmem.Get();")]
    [InlineData("return held is null;", "if (Take(out var held)) { Kmem.Get(); return; } {|FENCE004:Kmem.Get()|}; held.Dispose();")]
    [InlineData("return held == null;", "if ({|FENCE016:Take(out var held)|}) held.Dispose();")]
    public Task Follows_a_test_for_the_guard_that_is_kept(string result, string body) => Verify.Async(
        $$"""
        class C
        {
            [FenceSafeLock] readonly object _gate = new();

            static bool Wanted() => true;

            bool Take(out Held held)
            {
                held = Wanted() ? new Held(_gate) : null;
                {{result}}
            }

            void Run() { {{body}} }
        }

        sealed class Held : IDisposable
        {
            readonly object _gate;
            public Held(object gate) { _gate = gate; Monitor.Enter(gate); }
            public void Dispose() => Monitor.Exit(_gate);
        }
        """);
}
