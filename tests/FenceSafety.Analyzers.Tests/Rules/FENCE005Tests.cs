namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Lock-order inversion.</summary>
public class FENCE005Tests
{
    [Fact]
    public Task Reports_both_ends_of_an_inversion_across_calls() => Verify.Async(
        """
        class C
        {
            readonly object _a = new(), _b = new();

            void TakeB()
            {
                lock (_b) { }
            }

            void X()
            {
                lock (_a)
                    {|#0:TakeB()|};
            }

            void Y()
            {
                lock (_b)
                    lock ({|FENCE005:_a|}) { }
            }
        }
        """,
        Verify.At0("FENCE005", "C._a", "C._b", "C.X → C.TakeB"));

    [Fact]
    public Task Silent_on_one_order_everywhere() => Verify.Async(
        """
        class C
        {
            readonly object _a = new(), _b = new();

            void X()
            {
                lock (_a)
                    lock (_b) { }
            }

            void Y()
            {
                lock (_a) { }

                lock (_b) { }

                lock (_a)
                    lock (_b) { }
            }
        }
        """);

    [Fact]
    public Task Reports_every_edge_of_a_longer_cycle() => Verify.Async(
        """
        class C
        {
            readonly object _a = new(), _b = new(), _c = new();

            void X()
            {
                lock (_a)
                    lock ({|FENCE005:_b|}) { }
            }

            void Y()
            {
                lock (_b)
                    lock ({|FENCE005:_c|}) { }
            }

            void Z()
            {
                lock (_c)
                    lock ({|FENCE005:_a|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_under_one_further_lock() => Verify.Async(
        """
        class C
        {
            readonly object _all = new(), _a = new(), _b = new();

            void X()
            {
                lock (_all)
                    lock (_a)
                        lock (_b) { }
            }

            void Y()
            {
                lock (_all)
                    lock (_b)
                        lock (_a) { }
            }
        }
        """);

    [Fact]
    public Task Reports_two_instances_of_one_class() => Verify.Async(
        """
        class Buffer
        {
            public readonly object Gate = new();
        }

        class C
        {
            void Copy(Buffer from, Buffer to)
            {
                lock (from.Gate)
                    lock ({|#0:to.Gate|}) { }
            }
        }
        """,
        Verify.At0("FENCE005", "Buffer.Gate"));

    [Fact]
    public Task Silent_on_entering_the_same_monitor_again() => Verify.Async(
        """
        class Buffer
        {
            public readonly object Gate = new();
        }

        class C
        {
            void Fill(Buffer buffer)
            {
                lock (buffer.Gate)
                    lock (buffer.Gate) { }
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_waits_for_itself() => Verify.Async(
        """
        class C
        {
            readonly KMutex _gate = new();

            void Run()
            {
                using var outer = _gate.Lock();
                using var inner = {|FENCE005:_gate.Lock()|};
            }
        }
        """);

    [Fact]
    public Task Reports_who_goes_against_the_declared_order() => Verify.Async(
        """
        [assembly: LockOrder("vm", "buddy", "pramin")]

        class C
        {
            [LockClass("vm")] readonly object _vm = new();
            [LockClass("buddy")] readonly object _buddy = new();
            [LockClass("pramin")] readonly object _pramin = new();

            void Right()
            {
                lock (_vm)
                    lock (_buddy) { }

                lock (_vm)
                    lock (_pramin) { }
            }

            void Wrong()
            {
                lock (_pramin)
                    lock ({|FENCE005:_vm|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_readers_nested_in_readers() => Verify.Async(
        """
        class Table
        {
            public readonly ReaderWriterLockSlim Lock = new(LockRecursionPolicy.SupportsRecursion);
        }

        class C
        {
            void Compare(Table a, Table b)
            {
                a.Lock.EnterReadLock();
                b.Lock.EnterReadLock();
                b.Lock.ExitReadLock();
                a.Lock.ExitReadLock();
            }
        }
        """);

    [Fact]
    public Task Reports_an_inversion_in_which_critical_code_takes_part() => Verify.Async(
        """
        class C
        {
            readonly object _a = new(), _b = new();

            [FenceCritical]
            void Inner()
            {
                lock (_b) { }
            }

            void X()
            {
                lock (_a)
                    {|FENCE005:Inner()|};
            }

            void Y()
            {
                lock (_b)
                    lock ({|FENCE005:_a|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_reader_writer_lock_that_may_be_re_entered() => Verify.Async(
        """
        class C
        {
            readonly ReaderWriterLockSlim _at = new(LockRecursionPolicy.SupportsRecursion), _later;

            C() => _later = new ReaderWriterLockSlim(LockRecursionPolicy.SupportsRecursion);

            void Run()
            {
                _at.EnterWriteLock();
                _at.EnterReadLock();
                _at.ExitReadLock();
                _at.ExitWriteLock();
                _later.EnterWriteLock();
                _later.EnterWriteLock();
                _later.ExitWriteLock();
                _later.ExitWriteLock();
            }
        }
        """);

    [Fact]
    public Task Reports_a_reader_writer_lock_that_may_not_be_re_entered() => Verify.Async(
        """
        class C
        {
            readonly ReaderWriterLockSlim _none = new(LockRecursionPolicy.NoRecursion), _both = new(LockRecursionPolicy.SupportsRecursion);

            void Twice()
            {
                _none.EnterWriteLock();
                {|FENCE005:_none.EnterWriteLock()|};
                _none.ExitWriteLock();
                _none.ExitWriteLock();
            }

            void ReaderBecomesWriter()
            {
                _both.EnterReadLock();
                {|FENCE005:_both.EnterWriteLock()|};
                _both.ExitWriteLock();
                _both.ExitReadLock();
            }
        }
        """);

    [Fact]
    public Task Reports_an_upgradeable_lock_behind_a_read_lock() => Verify.Async(
        """
        class C
        {
            readonly ReaderWriterLockSlim _lock = new();

            void Wrong()
            {
                _lock.EnterReadLock();
                {|FENCE005:_lock.EnterUpgradeableReadLock()|};
                _lock.ExitUpgradeableReadLock();
                _lock.ExitReadLock();
            }

            void Right()
            {
                _lock.EnterUpgradeableReadLock();
                _lock.EnterWriteLock();
                _lock.ExitWriteLock();
                _lock.EnterReadLock();
                _lock.ExitReadLock();
                _lock.ExitUpgradeableReadLock();
            }
        }
        """);

    [Fact]
    public Task Silent_on_the_order_that_a_re_entry_would_make() => Verify.Async(
        """
        class C
        {
            readonly object _a = new(), _b = new();

            void Run()
            {
                lock (_a)
                    lock (_b)
                        Inner();
            }

            void Inner()
            {
                lock (_a) { }
            }
        }
        """);

    /// <summary>What all callers hold is not asked; a requirement says it.</summary>
    [Theory]
    [InlineData("", "{|FENCE005:_b|}", "{|FENCE005:_a|}")]
    [InlineData("[RequiresLock(\"_outer\")] ", "_b", "_a")]
    public Task FalsePositive_an_inversion_under_a_lock_that_the_callers_hold(string declared, string first, string second) => Verify.Async(
        $$"""
        class C
        {
            readonly object _outer = new(), _a = new(), _b = new();

            void One() { lock (_outer) Helper(); }

            {{declared}}void Helper() { lock (_a) lock ({{first}}) { } }

            void Other() { lock (_outer) lock (_b) lock ({{second}}) { } }
        }
        """);
}
