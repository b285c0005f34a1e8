using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>
/// Locks that a callee gives back, and locks that callers hand over. Each was missed, or reported where nothing is wrong, until a long
/// differential run found it.
/// </summary>
public class CalleesAndCallersTests
{
    /// <summary>Who else may call it decides nothing of the callers that can be seen.</summary>
    [Fact]
    public Task Reports_a_lock_that_a_visible_caller_hands_to_a_public_region() => Verify.Async(
        """
        public class C
        {
            static readonly object s_gate = new();

            public static void Signal(object gate)
            {
                using (Fence.BeginSignalling())
                {
                    lock ({|FENCE008:{|FENCE002:gate|}|}) { }
                }
            }

            static void Run() => Signal(s_gate);

            static void Refill()
            {
                lock (s_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_goes_to_a_critical_method_through_two_callers() => Verify.Async(
        """
        public class C
        {
            static readonly object s_gate = new();

            [FenceCritical]
            public static void Signal(object gate)
            {
                lock ({|FENCE008:{|FENCE002:gate|}|}) { }
            }

            static void Through(object gate) => Signal(gate);

            static void Run() => Through(s_gate);

            static void Refill()
            {
                lock (s_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        }
        """);

    [Fact]
    public Task Reports_what_a_visible_caller_hands_to_a_public_region_to_be_called() => Verify.Async(
        """
        public class C
        {
            static bool Full() => true;

            public static void Signal(Action action)
            {
                using (Fence.BeginSignalling())
                {
                    {|FENCE008:{|FENCE001:action()|}|};
                }
            }

            static void Run() => Signal(() => Deep());

            static void Deep() => Kmem.Get();
        }
        """);

    [Fact]
    public Task Silent_on_the_class_of_a_lock_that_is_handed_to_somebody_else() => Verify.Async(
        """
        public class C
        {
            static readonly object s_gate = new();
            static readonly object s_other = new();

            public static void Signal(object gate)
            {
                using (Fence.BeginSignalling())
                {
                    lock ({|FENCE008:gate|}) { }
                }
            }

            static void Take(object gate)
            {
                lock (gate) { }
            }

            static void Run()
            {
                Signal(s_other);
                Take(s_gate);
            }

            static void Refill()
            {
                lock (s_gate)
                    Kmem.Get();
            }
        }
        """);

    /// <summary>What the callee gives back is the inner lock: the outer one may be another, known by the same values.</summary>
    [Fact]
    public Task Reports_the_outer_of_two_aliases_where_a_callee_gives_back_the_inner() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();
            static readonly object s_b = new();

            static bool Full() => true;

            static void Drop(object gate)
            {
                {|FENCE016:Monitor.Exit(gate)|};
                Kmem.Get();
                {|FENCE016:Monitor.Enter(gate)|};
            }

            static void Run()
            {
                object one = Full() ? s_a : s_b;
                object other = Full() ? s_a : s_b;
                lock (one)
                {
                    lock ({|FENCE005:{|FENCE005:other|}|})
                        {|FENCE005:{|FENCE005:{|FENCE004:Drop(other)|}|}|};
                }
            }

            [FenceCritical]
            static void Take()
            {
                lock ({|FENCE002:s_a|}) { }
            }
        }
        """);

    /// <summary>It is given back where the allocation is made, through a parameter of a caller as well.</summary>
    [Fact]
    public Task Silent_where_the_lock_of_a_parameter_is_given_back_further_down() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();

            static void Drop(object gate)
            {
                {|FENCE016:Monitor.Exit(gate)|};
                Kmem.Get();
                {|FENCE016:Monitor.Enter(gate)|};
            }

            static void Through(object gate)
            {
                lock (gate)
                    Drop(gate);
            }

            static void Run() => Through(s_a);

            [FenceCritical]
            static void Take()
            {
                lock (s_a) { }
            }
        }
        """);

    /// <summary>The retaken lock is an acquisition under the locks that stayed.</summary>
    [Fact]
    public Task Reports_the_order_in_which_a_callee_takes_a_lock_again() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();
            static readonly object s_b = new();

            static void Drop(object gate)
            {
                {|FENCE016:Monitor.Exit(gate)|};
                {|FENCE016:Monitor.Enter(gate)|};
            }

            static void Run()
            {
                lock (s_a)
                {
                    lock ({|FENCE005:s_b|})
                        {|FENCE005:Drop(s_a)|};
                }
            }
        }
        """);

    /// <summary>What a lambda subscribes runs as well.</summary>
    [Fact]
    public Task Reports_a_handler_that_only_a_lambda_subscribes() => Verify.Async(
        """
        class C
        {
            static event Action Raised;

            static void On() => Kmem.Get();

            static void Run()
            {
                Action subscribe = () => Raised += On;
                subscribe();
            }

            [FenceCritical]
            static void Signal() => Raised?{|FENCE001:.Invoke()|};
        }
        """);

    [Fact]
    public Task Silent_where_the_lambda_subscribes_to_another_event() => Verify.Async(
        """
        class C
        {
            static event Action Raised;

            static event Action Other;

            static void On() => Kmem.Get();

            static void Quiet() { }

            static void Run()
            {
                Action subscribe = () => Other += On;
                subscribe();
                Raised += Quiet;
                Other?.Invoke();
            }

            [FenceCritical]
            static void Signal() => Raised?.Invoke();
        }
        """);

    /// <summary>A region of a body that runs in reclaim: what the body does outside of it is elsewhere.</summary>
    [Fact]
    public Task Reports_a_lock_that_reclaim_takes_in_a_region_and_waits_under_before() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [RunsInReclaim]
            void Scan(Fence fence)
            {
                lock (_gate)
                    {|FENCE004:fence.Wait()|};
                using (Fence.BeginSignalling())
                {
                    lock ({|FENCE002:_gate|}) { }
                }
            }
        }
        """);

    [Fact]
    public Task Silent_where_reclaim_waits_under_the_lock_in_the_region_only() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [RunsInReclaim]
            void Scan(Fence fence)
            {
                using (Fence.BeginSignalling())
                {
                    lock (_gate)
                        {|FENCE003:fence.Wait()|};
                }
            }
        }
        """);

    /// <summary>Which lock it is cannot be known, that it sleeps can.</summary>
    [Fact]
    public Task Reports_a_lock_without_a_name_in_atomic_context() => Verify.Async(
        """
        public class C
        {
            [RunsAtomic]
            public static void Tick(object gate)
            {
                lock ({|FENCE006:gate|}) { }
            }

            [RunsAtomic]
            public static void Tock(object gate) => {|FENCE006:Take(gate)|};

            static void Take(object gate)
            {
                lock (gate) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_lock_without_a_name_that_nobody_waits_for() => Verify.Async(
        """
        public class C
        {
            [RunsAtomic]
            public static void Tick(object gate)
            {
                if (Monitor.TryEnter(gate))
                    Monitor.Exit(gate);
            }
        }
        """);

    /// <summary>A pattern that any object matches is a test for null.</summary>
    [Theory]
    [InlineData("_gate.Try() is { } guard")]
    [InlineData("_gate.Try() is Guard guard")]
    public Task Silent_on_a_guard_that_a_pattern_tests(string test) => Verify.Async(Guards("""
        void Run()
        {
            if (TEST)
            {
                Kmem.Get();
                guard.Dispose();
            }
            Kmem.Get();
        }
        """.Replace("TEST", test, StringComparison.Ordinal)));

    [Fact]
    public Task Reports_a_guard_that_a_pattern_tests_and_one_branch_forgets() => Verify.Async(Guards("""
        void Run()
        {
            if ({|FENCE016:_gate.Try()|} is { } guard)
            {
                if (Full())
                    guard.Dispose();
            }
        }
        """));

    static string Guards(string members) =>
        """
        [LockPrimitive(LockKind.Sleeping)]
        sealed class Gate
        {
            static bool s_free;

            [AcquiresLock(Try = true)]
            public Guard Try() => s_free ? new Guard(this) : null;

            [ReleasesLock]
            public void Give() => s_free = true;
        }

        sealed class Guard : IDisposable
        {
            readonly Gate _gate;

            public Guard(Gate gate) => _gate = gate;

            public void Dispose() => _gate.Give();
        }

        class C
        {
            readonly Gate _gate = new();

            static bool Full() => true;


        """ + members + "\n}\n";

    [Fact]
    public Task Reports_a_lambda_that_becomes_critical_in_an_extension_of_nothing_else() => Verify.Async(
        """
        [FenceCritical]
        public delegate void CriticalAction();

        public static class Runner
        {
            public static void Critical(CriticalAction action) => action();
        }

        public sealed class Device;

        public static class Extensions
        {
            public static void Go(this Device device)
            {
                Runner.Critical(() =>
                {
                    {|FENCE001:Kmem.Get()|};
                });
                Kmem.Get();
            }
        }
        """);

    /// <summary>A delegate that a field keeps is known where it is called, but not what it leaves held.</summary>
    [Fact]
    public Task Missed_what_is_done_under_a_lock_that_a_delegate_in_a_field_left_held() => Verify.Async(
        """
        class C
        {
            static readonly object s_gate = new();
            static readonly Action s_take = Take;

            static void Take() => {|FENCE016:Monitor.Enter(s_gate)|};

            static void Run()
            {
                s_take();
                Kmem.Get();
                {|FENCE016:Monitor.Exit(s_gate)|};
            }

            [FenceCritical]
            static void Signal()
            {
                lock (s_gate) { }
            }
        }
        """);

    /// <summary>The constructor that a type parameter calls is known at the call of the generic method, but not what it leaves held.</summary>
    [Fact]
    public Task Missed_what_is_done_under_a_lock_that_a_constructor_left_held_which_a_type_parameter_calls() => Verify.Async(
        """
        class Taker
        {
            public Taker() => {|FENCE016:Monitor.Enter(C.Gate)|};
        }

        class C
        {
            public static readonly object Gate = new();

            static T Make<T>() where T : new() => new T();

            static void Run()
            {
                Make<Taker>();
                Kmem.Get();
                {|FENCE016:Monitor.Exit(Gate)|};
            }

            [FenceCritical]
            static void Signal()
            {
                lock (Gate) { }
            }
        }
        """);
}
