namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Fence-critical code acquires a tainted lock: G how locks are held, H which lock it is, I through other locks.</summary>
public class FENCE002Tests
{
    [Fact]
    public Task Reports_the_lock_and_both_chains() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Grow()|};
            }

            void Grow() => Kmem.Get();

            void Touch()
            {
                lock (_gate) { }
            }

            [FenceCritical]
            void Run() => {|#0:Touch()|};
        }
        """,
        Verify.At0("FENCE002", "C._gate", "C.Run → C.Touch", "Kmem.Get"));

    [Fact]
    public Task Silent_when_nothing_is_allocated_under_it() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                var page = Kmem.Get();
                lock (_gate) { }
                Kmem.Get();
            }

            [FenceCritical]
            void Run()
            {
                lock (_gate) { }
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_leads_to_the_tainted_one() => Verify.Async(
        """
        class C
        {
            readonly object _outer = new(), _middle = new(), _inner = new();

            void First()
            {
                lock (_outer)
                    lock (_middle) { }
            }

            void Second()
            {
                lock (_middle)
                    Third();
            }

            void Third()
            {
                lock (_inner) { }
            }

            void Refill()
            {
                lock (_inner)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run()
            {
                lock ({|#0:_outer|}) { }
            }
        }
        """,
        Verify.At0("FENCE002", "C._outer", "Kmem.Get"));

    [Fact]
    public Task Silent_on_a_lock_that_the_tainted_one_leads_to() => Verify.Async(
        """
        class C
        {
            readonly object _outer = new(), _inner = new();

            void Refill()
            {
                lock (_outer)
                {
                    lock (_inner) { }

                    Kmem.Get();
                }
            }

            [FenceCritical]
            void Run()
            {
                lock (_inner) { }
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_held_during_a_fence_wait() => Verify.Async(
        """
        class C
        {
            readonly KMutex _gate = new();

            void Idle(Fence fence)
            {
                using var held = _gate.Lock();
                {|FENCE004:fence.Wait()|};
            }

            [FenceCritical]
            void Run()
            {
                using var held = {|FENCE002:_gate.Lock()|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_try_that_cannot_wait() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();
            readonly KMutex _mutex = new();

            void Refill()
            {
                lock (_gate)
                    Kmem.Get();
                using var held = _mutex.Lock();
                Kmem.Get();
            }

            [FenceCritical]
            void Run()
            {
                if (Monitor.TryEnter(_gate))
                    Monitor.Exit(_gate);
                if (_mutex.TryLock(out var held))
                    held.Dispose();
            }
        }
        """);

    [Fact]
    public Task Reports_a_try_that_can_wait() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            void Run()
            {
                if ({|FENCE002:Monitor.TryEnter(_gate, 5)|})
                    Monitor.Exit(_gate);
            }
        }
        """);

    [Fact]
    public Task Reports_a_reader_of_a_lock_whose_writer_allocates() => Verify.Async(
        """
        class C
        {
            readonly ReaderWriterLockSlim _lock = new();

            void Refill()
            {
                _lock.EnterWriteLock();
                try
                {
                    {|FENCE004:Kmem.Get()|};
                }
                finally
                {
                    _lock.ExitWriteLock();
                }
            }

            [FenceCritical]
            void Run()
            {
                {|FENCE002:_lock.EnterReadLock()|};
                _lock.ExitReadLock();
            }
        }
        """);

    [Fact]
    public Task Reports_the_field_whatever_the_instance() => Verify.Async(
        """
        class Pool
        {
            public readonly object Gate = new();
            public object Alias => Gate;
        }

        class C
        {
            readonly Pool _first = new(), _second = new();

            static void Under(object gate)
            {
                lock (gate)
                    {|FENCE004:Kmem.Get()|};
            }

            void Refill()
            {
                var gate = _first.Gate;
                Under(gate);
            }

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_second.Alias|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_another_field_and_another_level() => Verify.Async(
        """
        class C
        {
            readonly object _a = new(), _b = new();
            [LockClass("dir")] readonly object _top = new();
            [LockClass("dir", Subclass = 1)] readonly object _leaf = new();

            void Refill()
            {
                lock (_a)
                    Kmem.Get();
                lock (_leaf)
                    Kmem.Get();
            }

            [FenceCritical]
            void Run()
            {
                lock (_b) { }

                lock (_top) { }
            }
        }
        """);

    [Fact]
    public Task Reports_two_fields_of_one_named_class() => Verify.Async(
        """
        class A
        {
            [LockClass("mm")] readonly object _gate = new();

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        }

        class B
        {
            [LockClass("mm")] readonly object _other = new();

            [FenceCritical]
            void Run()
            {
                lock ({|#0:_other|}) { }
            }
        }
        """,
        Verify.At0("FENCE002", "mm"));

    [Fact]
    public Task Silent_when_it_is_held_before_the_critical_section_begins() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                lock (_gate)
                    Kmem.Get();
            }

            void Submit()
            {
                lock (_gate)
                {
                    Run();
                    using (Fence.BeginSignalling()) { }
                }
            }

            [FenceCritical]
            void Run() { }

            [FenceCritical, RequiresLock("_gate")]
            void RunLocked() { }
        }
        """);

    [Fact]
    public Task Silent_when_only_critical_code_allocates_under_it() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [FenceCritical]
            void Run()
            {
                lock (_gate)
                    {|FENCE001:Kmem.Get()|};
            }
        }
        """);

    [Fact]
    public Task Reports_each_tainted_lock_behind_one_call() => Verify.Async(
        """
        class C
        {
            readonly object _a = new(), _b = new();

            void Refill()
            {
                lock (_a)
                    {|FENCE004:Kmem.Get()|};
                lock (_b)
                    {|FENCE004:Kmem.Get()|};
            }

            void Both()
            {
                lock (_a) { }

                lock (_b) { }
            }

            [FenceCritical]
            void Run() => {|FENCE002:{|FENCE002:Both()|}|};
        }
        """);

    [Fact]
    public Task Reports_across_three_files_whatever_their_order() => new FenceTest(
        """
        class Zeta
        {
            readonly Alpha _alpha = new();

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_alpha.Gate|}) { }
            }
        }
        """).WithFile(
        "Alpha.cs",
        """
        class Alpha
        {
            public readonly object Gate = new();

            void Link(Middle middle)
            {
                lock (Gate)
                    middle.Touch();
            }
        }
        """).WithFile(
        "Middle.cs",
        """
        class Middle
        {
            readonly object _gate = new();

            public void Touch()
            {
                lock (_gate) { }
            }

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        }
        """).RunAsync();
}
