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
}
