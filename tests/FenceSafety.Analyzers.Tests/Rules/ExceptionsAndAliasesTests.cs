using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Locks behind aliases, and handlers that throw again. Each was missed until the differential tests found it.</summary>
public class ExceptionsAndAliasesTests
{
    /// <summary>The release is of the outer lock: what may be that lock, or another, is still held.</summary>
    [Fact]
    public Task Reports_a_lock_taken_again_under_one_that_may_have_been_another() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();
            static readonly object s_b = new();

            static bool Full() => true;

            static void Run()
            {
                lock (s_a)
                {
                    object one = Full() ? s_a : s_b;
                    lock ({|FENCE005:one|})
                    {
                        Monitor.Exit(s_a);
                        {|FENCE005:Monitor.Enter(s_a)|};
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Silent_where_the_release_is_of_the_alias() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();
            static readonly object s_b = new();

            static bool Full() => true;

            static void Run()
            {
                object one = Full() ? s_a : s_b;
                lock (s_a)
                {
                    Monitor.Enter(one);
                    Monitor.Exit(one);
                }
            }
        }
        """);

    /// <summary>A handler that always throws again is no way out, but what it does before counts where that is caught in the same body.</summary>
    [Fact]
    public Task Reports_what_a_handler_does_before_it_throws_again_to_another() => Verify.Async(
        """
        class C
        {
            static readonly object s_gate = new();

            static bool Full() => true;

            [FenceCritical]
            static void Run()
            {
                try
                {
                    try
                    {
                        Full();
                    }
                    catch (InvalidOperationException)
                    {
                        if (Full())
                            {|FENCE001:Kmem.Get()|};
                        throw;
                    }
                }
                catch (InvalidOperationException)
                {
                }
            }
        }
        """);

    [Fact]
    public Task Reports_an_inversion_through_a_critical_delegate() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new();
            static readonly object s_b = new();

            [FenceCritical]
            delegate void Critical();

            static void Call(Critical action) => action();

            static void One()
            {
                lock (s_a)
                    {|FENCE005:Call(() => { lock (s_b) { } })|};
            }

            static void Two()
            {
                lock (s_b)
                    lock ({|FENCE005:s_a|}) { }
            }
        }
        """);

    /// <summary>What is passed to an iterator is what its body locks, and a virtual one may be an iterator as well.</summary>
    [Fact]
    public Task Reports_what_an_iterator_does_with_its_argument_and_one_behind_an_interface() => Verify.Async(
        """
        interface ISource
        {
            IEnumerable<int> All();
        }

        sealed class Source : ISource
        {
            public IEnumerable<int> All()
            {
                Kmem.Get();
                yield return 1;
            }
        }

        class C
        {
            static readonly object s_gate = new();

            static IEnumerable<int> Under(object gate)
            {
                lock (gate)
                    yield return 1;
            }

            static void Run(ISource source)
            {
                foreach (int i in Under(s_gate)) { }
                lock (s_gate)
                {
                    foreach (int i in {|FENCE004:source.All()|}) { }
                }
            }

            [FenceCritical]
            static void Critical()
            {
                foreach (int i in {|FENCE002:{|FENCE011:Under(s_gate)|}|}) { }
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_a_property_pattern_took_out_of_an_object() => Verify.Async(
        """
        sealed class Inner
        {
            public readonly object Gate = new();
        }

        sealed class Outer
        {
            public Inner Inner { get; } = new();
        }

        class C
        {
            static readonly object s_any = new Outer();
            static readonly Outer s_outer = new();

            static void Run()
            {
                if (s_any is Outer { Inner.Gate: var gate })
                {
                    lock (gate)
                        {|FENCE004:Kmem.Get()|};
                }
            }

            [FenceCritical]
            static void Critical()
            {
                lock ({|FENCE002:s_outer.Inner.Gate|}) { }
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_of_a_dictionary_that_is_enumerated_by_its_values() => Verify.Async(
        """
        class C
        {
            readonly Dictionary<int, object> _gates = new();

            void Run()
            {
                foreach (object gate in _gates.Values)
                {
                    lock (gate)
                        {|FENCE004:Kmem.Get()|};
                }
            }

            [FenceCritical]
            void Critical()
            {
                lock ({|FENCE002:_gates[0]|}) { }
            }
        }
        """);

    /// <summary>Who subscribes is not called by who raises: what it does under the lock is elsewhere.</summary>
    [Fact]
    public Task Reports_a_lock_under_which_a_body_allocates_that_subscribes_to_what_critical_code_raises() => Verify.Async(
        """
        class C
        {
            static readonly object s_gate = new();

            static event Action Raised;

            static void On() { }

            static void Subscribe()
            {
                Raised += On;
                lock (s_gate)
                    {|FENCE004:Kmem.Get()|};
            }

            [FenceCritical]
            static void Critical()
            {
                Raised();
                lock ({|FENCE002:s_gate|}) { }
            }
        }
        """);

    /// <summary>Known: the leak is reported where it is, and what is done under it behind the call is not.</summary>
    [Fact]
    public Task Missed_what_is_done_under_a_lock_that_a_delegate_argument_left_held() => Verify.Async(
        """
        class C
        {
            static readonly object s_gate = new();

            static void Call(Action action) => action();

            static void Run()
            {
                Call(() => {|FENCE016:Monitor.Enter(s_gate)|});
                Kmem.Get();
            }

            [FenceCritical]
            static void Critical()
            {
                lock (s_gate) { }
            }
        }
        """);

    /// <summary>On its way to the handler a throw leaves the regions and locks that it was in.</summary>
    [Theory]
    [InlineData("using (Fence.BeginSignalling()) { throw new Exception(); }")]
    [InlineData("using (Fence.BeginSignalling()) { Work(); throw new Exception(); }")]
    [InlineData("Monitor.Enter(_gate); try { throw new Exception(); } finally { Monitor.Exit(_gate); }")]
    [InlineData("lock (_gate) { throw new Exception(); }")]
    public Task Silent_where_what_is_caught_has_left_the_region(string body) => Verify.Async(
        $$"""
        class C
        {
            readonly object _gate = new();
            static void Work() { }

            void Run()
            {
                try { {{body}} }
                catch (Exception) { Kmem.Get(); }
            }

            [FenceCritical]
            void Take() { lock (_gate) { } }
        }
        """);

    [Theory]
    [InlineData("try { _n++; } catch (Exception) { {|FENCE001:Kmem.Get()|}; }")]
    [InlineData("try { _n++; } catch (Exception) when ({|FENCE001:Filter()|}) { }")]
    [InlineData("try { _n++; } finally { {|FENCE001:Kmem.Get()|}; }")]
    public Task Reports_a_handler_of_code_that_calls_nothing(string body) => Verify.Async(
        $$"""
        class C
        {
            int _n;
            static bool Filter() => Kmem.Get() is null;

            [FenceCritical]
            void Run() { {{body}} }
        }
        """);

    [Fact]
    public Task Silent_on_a_conditional_access_as_a_lock_that_may_be_null() => Verify.Async(
        """
        class C
        {
            public readonly object Gate = new();

            [FenceCritical]
            void Run(C other) { lock (other?.Gate) { } }
        }
        """);
}
