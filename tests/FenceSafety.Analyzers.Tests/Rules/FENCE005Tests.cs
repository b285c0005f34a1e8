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
}
