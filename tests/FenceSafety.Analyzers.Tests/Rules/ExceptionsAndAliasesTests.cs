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
}
