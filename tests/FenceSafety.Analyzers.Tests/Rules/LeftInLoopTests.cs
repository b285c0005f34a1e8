namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>
/// A loop comes back to an acquisition of which an earlier one was left by an exception: giving it back gives back one of the two. Missed
/// until the differential tests found it.
/// </summary>
public class LeftInLoopTests
{
    static string Loop(string take, string give, string use) =>
        $$"""
        class C
        {
            static readonly object s_gate = new();

            static bool Full() => true;

            void Run()
            {
                while (Full())
                {
                    try
                    {
                        {{take}}
                        if (Full())
                            throw new InvalidOperationException();
                        {{give}}
                        {{use}}
                    }
                    catch (InvalidOperationException) { }
                }
            }
        """;

    const string Takes = """


            [FenceCritical]
            static void Signal()
            {
                lock (§s_gate§) { }
            }
        }
        """;

    static string Taken(bool isReported) => Takes.Replace("§s_gate§", isReported ? "{|FENCE002:s_gate|}" : "s_gate");

    [Fact]
    public Task Reports_an_allocation_behind_the_release_of_a_lock_that_an_exception_left() => Verify.Async(
        Loop("{|FENCE016:Monitor.Enter(s_gate)|};", "Monitor.Exit(s_gate);", "{|FENCE004:Kmem.Get()|};") + Taken(true));

    [Fact]
    public Task Reports_an_allocation_behind_the_end_of_a_region_that_an_exception_left() => Verify.Async(
        Loop("bool cookie = {|FENCE016:Fence.Begin()|};", "Fence.End(cookie);", "{|FENCE001:Kmem.Get()|};") + Taken(false));

    [Fact]
    public Task Silent_where_the_exception_leaves_nothing() => Verify.Async(
        Loop("Monitor.Enter(s_gate); try {", "} finally { Monitor.Exit(s_gate); }", "Kmem.Get();") + Taken(false));

    [Fact]
    public Task Silent_where_each_round_gives_back_what_it_takes() => Verify.Async(
        """
        class C
        {
            static readonly object[] s_gates = { new(), new() };

            static bool Full() => true;

            void Walk()
            {
                object last = s_gates[0];
                Monitor.Enter(last);
                while (Full())
                {
                    object next = s_gates[1];
                    Monitor.Enter(next);
                    Monitor.Exit(last);
                    last = next;
                }
                Monitor.Exit(last);
                Kmem.Get();
            }

            [FenceCritical]
            static void Signal()
            {
                lock (s_gates[0]) { }
            }
        }
        """.Replace("Monitor.Enter(next)", "{|FENCE005:Monitor.Enter(next)|}"));
}
