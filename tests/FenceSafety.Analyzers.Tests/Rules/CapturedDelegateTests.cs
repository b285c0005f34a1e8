namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>A lambda that is critical itself calls what the body around it was given: that is what the callers of that body pass.</summary>
public class CapturedDelegateTests
{
    static string Program(string passed, string call) =>
        $$"""
        [FenceCritical]
        public delegate void CriticalAction();

        static class Runner
        {
            static void Critical(CriticalAction action) => action();

            static void Go(Action action)
            {
                Critical(() =>
                {
                    {{call}};
                });
            }

            static void Start() => Go(() => {{passed}});
        }
        """;

    [Fact]
    public Task Reports_what_a_visible_caller_passes() => Verify.Async(Program("Kmem.Get()", "{|FENCE001:action()|}"));

    [Fact]
    public Task Silent_if_that_does_nothing() => Verify.Async(Program("{ }", "action()"));

    /// <summary>The critical lambda runs under the lock of the body around it, and so does what it calls.</summary>
    static string UnderLock(string passed, string call, string outer) =>
        $$"""
        [FenceCritical]
        public delegate void CriticalAction();

        class Runner
        {
            readonly object _gate = new();
            readonly object _list = new();

            static void Critical(CriticalAction action) => action();

            void Go(Action action)
            {
                lock (_gate)
                {
                    {{call}};
                }
            }

            void Start() => Go(() => {{passed}});

            void Walk()
            {
                lock (_list)
                {
                    {{outer}} { }
                }
            }
        }
        """;

    [Fact]
    public Task What_a_critical_lambda_is_handed_takes_its_locks_under_those_of_the_body_around_it() =>
        Verify.Async(UnderLock("{ lock (_list) { } }", "{|FENCE005:Critical(() => action())|}", "lock ({|FENCE005:_gate|})"));

    [Fact]
    public Task Silent_if_what_it_is_handed_takes_none() => Verify.Async(UnderLock("{ }", "Critical(() => action())", "lock (_gate)"));
}
