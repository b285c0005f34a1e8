namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Values that must be consumed.</summary>
public class FENCE013Tests
{
    const string Plan = """

        [MustConsume]
        sealed class Plan : IDisposable
        {
            [Consumes]
            public void Cancel() { }

            public void Dispose() { }
        }

        [MustConsume]
        struct Slot
        {
            public int Index;
        }

        static class Planner
        {
            public static Plan Make() => new();

            public static Slot Reserve() => default;

            public static void Run([Consumes] Plan plan) { }

            public static void Fill([Consumes] Slot slot) { }
        }
        """;

    [Fact]
    public Task Reports_a_value_that_nobody_takes() => Verify.Async(
        """
        class C
        {
            void Local()
            {
                var plan = {|#0:Planner.Make()|};
            }

            void Discard() => {|FENCE013:Planner.Reserve()|};
        }
        """ + Plan,
        Verify.At0("FENCE013", "Plan", "C.Local"));

    [Fact]
    public Task Silent_on_a_value_that_is_passed_on() => Verify.Async(
        """
        class C
        {
            void Local()
            {
                var plan = Planner.Make();
                Planner.Run(plan);
            }

            void Nested() => Planner.Fill(Planner.Reserve());
        }
        """ + Plan);

    [Fact]
    public Task Reports_a_value_that_one_path_drops() => Verify.Async(
        """
        class C
        {
            void Run(bool stop)
            {
                var plan = {|FENCE013:Planner.Make()|};
                if (stop)
                    return;
                Planner.Run(plan);
            }
        }
        """ + Plan);

    [Fact]
    public Task Silent_when_every_path_consumes_it() => Verify.Async(
        """
        class C
        {
            void Run(bool stop)
            {
                var plan = Planner.Make();
                if (stop)
                {
                    plan.Cancel();
                    return;
                }

                Planner.Run(plan);
            }
        }
        """ + Plan);

    [Fact]
    public Task Reports_a_value_that_is_overwritten() => Verify.Async(
        """
        class C
        {
            void Run()
            {
                var plan = {|FENCE013:Planner.Make()|};
                plan = Planner.Make();
                Planner.Run(plan);
            }
        }
        """ + Plan);

    [Fact]
    public Task Silent_on_using_return_and_a_field() => Verify.Async(
        """
        class C
        {
            Plan _next;

            void Scoped()
            {
                using var plan = Planner.Make();
            }

            Plan Returned()
            {
                var plan = Planner.Make();
                return plan;
            }

            void Stored() => _next = Planner.Make();
        }
        """ + Plan);

    [Fact]
    public Task Silent_on_a_path_that_ends_in_a_throw() => Verify.Async(
        """
        class C
        {
            void Run(bool broken)
            {
                var plan = Planner.Make();
                if (broken)
                    throw new InvalidOperationException();
                Planner.Run(plan);
            }
        }
        """ + Plan);
}
