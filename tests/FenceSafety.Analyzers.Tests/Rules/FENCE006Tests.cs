using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Sleeping in atomic context (P).</summary>
public class FENCE006Tests
{
    [Fact]
    public Task Reports_an_allocation_behind_calls() => Verify.Async(
        """
        class C
        {
            readonly SpinGate _gate = new();

            void Grow() => Kmem.Get();

            void Push()
            {
                _gate.Enter();
                {|#0:Grow()|};
                _gate.Leave();
            }
        }
        """,
        Verify.At0("FENCE006", "C._gate", "C.Push → C.Grow → Kmem.Get"));

    [Fact]
    public Task Silent_before_and_after_the_spin_lock() => Verify.Async(
        """
        class C
        {
            readonly SpinGate _gate = new();

            void Push(Fence fence)
            {
                Kmem.Get();
                _gate.Enter();
                _gate.Leave();
                fence.Wait();
            }
        }
        """);

    [Fact]
    public Task Reports_waits_and_sleeping_locks() => Verify.Async(
        """
        class C
        {
            readonly SpinGate _gate = new();
            readonly KMutex _mutex = new();
            readonly object _monitor = new();

            void Push(Fence fence, Thread worker)
            {
                _gate.Enter();
                {|FENCE006:fence.Wait()|};
                {|FENCE006:worker.Join()|};
                using (var held = {|FENCE006:_mutex.Lock()|}) { }

                lock ({|FENCE006:_monitor|}) { }

                _gate.Leave();
            }
        }
        """);

    [Fact]
    public Task Silent_on_what_does_not_sleep() => Verify.Async(
        """
        class C
        {
            readonly SpinGate _gate = new(), _other = new();
            readonly object _monitor = new();

            void Push(Fence fence)
            {
                _gate.Enter();
                _other.Enter();
                Kmem.Get(Gfp.High);
                fence.Signal();
                if (Monitor.TryEnter(_monitor))
                    Monitor.Exit(_monitor);
                _other.Leave();
                _gate.Leave();
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_spin_lock_inside_a_sleeping_one() => Verify.Async(
        """
        class C
        {
            readonly SpinGate _gate = new();
            readonly KMutex _mutex = new();

            void Push()
            {
                using var held = _mutex.Lock();
                _gate.Enter();
                _gate.Leave();
                Kmem.Get();
            }
        }
        """);

    [Fact]
    public Task Reports_in_an_atomic_body() => Verify.Async(
        """
        class C
        {
            readonly object _monitor = new();

            [RunsAtomic]
            void OnInterrupt()
            {
                {|FENCE006:Kmem.Get()|};
                lock ({|FENCE006:_monitor|}) { }
            }
        }
        """);

    [Fact]
    public Task Reports_under_the_spin_lock_of_the_framework() => Verify.Async(
        """
        class C
        {
            SpinLock _lock = new(false);

            void Push()
            {
                bool taken = false;
                try
                {
                    _lock.Enter(ref taken);
                    {|FENCE006:Kmem.Get()|};
                }
                finally
                {
                    if (taken)
                        _lock.Exit();
                }
            }
        }
        """);

    [Fact]
    public Task Silent_on_managed_allocations() => Verify.Async(
        """
        class C
        {
            readonly SpinGate _gate = new();
            Node _node;

            void Push()
            {
                _gate.Enter();
                _node = new Node();
                _gate.Leave();
            }
        }
        """);

    [Theory]
    [InlineData("Kmem.Get()", "allocation")]
    [InlineData("fence.Wait()", "wait")]
    [InlineData("worker.Join()", "wait")]
    public Task Reports_what_it_is_that_must_not_happen(string call, string effect) => Verify.Async(
        $$"""
        class C
        {
            readonly SpinGate _gate = new();

            void Push(Fence fence, Thread worker)
            {
                _gate.Enter();
                {|#0:{{call}}|};
                _gate.Leave();
            }
        }
        """,
        Effect(effect).WithProperty("lockClass", "C._gate"));

    [Fact]
    public Task Reports_a_sleeping_lock_as_such() => Verify.Async(
        """
        class C
        {
            readonly object _monitor = new();

            [RunsAtomic]
            void OnInterrupt()
            {
                lock ({|#0:_monitor|}) { }
            }
        }
        """,
        Effect("lock"));

    [Fact]
    public Task Reports_a_managed_allocation_as_such() => new FenceTest(
        """
        class C
        {
            Node _node;

            [RunsAtomic]
            void OnInterrupt() => _node = {|#0:new Node()|};
        }
        """).WithOption("fence_safety.managed_allocations", "blocking").Expecting(Effect("managed")).RunAsync();

    static DiagnosticResult Effect(string effect) =>
        Verify.At0("FENCE006").WithProperty("kind", "atomic").WithProperty("effect", effect);

    /// <summary>A method that becomes such a delegate runs where that runs.</summary>
    [Theory]
    [InlineData("Register(Handle);", "lock ({|FENCE006:_gate|}) { }")]
    [InlineData("Raised += Handle;", "{|FENCE006:Thread.Sleep(1)|};")]
    [InlineData("Register(Local); void Local() { {|FENCE006:Kmem.Get()|}; }", "Kmem.Get();")]
    [InlineData("Register(Handle);", "if (Monitor.TryEnter(_gate)) Monitor.Exit(_gate);")]
    [InlineData("Plain(Handle);", "Kmem.Get();")]
    public Task A_method_group_is_atomic_like_its_delegate(string conversion, string body) => Verify.Async(
        $$"""
        [RunsAtomic] delegate void Interrupt();

        class C
        {
            readonly object _gate = new();

            event Interrupt Raised;

            static void Register([RunsAtomic] Action handler) { }
            static void Plain(Action handler) { }

            void Start() { {{conversion}} }

            void Handle() { {{body}} }
        }
        """);

    [Fact]
    public Task A_method_that_says_so_itself_is_reported_once() => Verify.Async(
        """
        class C
        {
            static void Register([RunsAtomic] Action handler) { }

            void Start() => Register(Handle);

            [RunsAtomic] void Handle() => {|FENCE006:Kmem.Get()|};
        }
        """);
}
