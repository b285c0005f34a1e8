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

    [Fact]
    public Task Missed_a_field_that_is_overwritten() => Verify.Async(
        """
        class C
        {
            Plan _next;

            void Run()
            {
                _next = Planner.Make();
                _next = Planner.Make();
            }
        }
        """ + Plan);

    [Fact]
    public Task Reports_a_value_that_the_next_turn_of_a_loop_overwrites() => Verify.Async(
        """
        class C
        {
            void Run(int n)
            {
                Plan plan = null;
                while (n-- > 0)
                    plan = {|FENCE013:Planner.Make()|};
                Planner.Run(plan);
            }
        }
        """ + Plan);

    [Fact]
    public Task Silent_on_a_loop_that_consumes_each_value() => Verify.Async(
        """
        class C
        {
            void Run(int n)
            {
                Plan last = null;
                while (n-- > 0)
                {
                    last = Planner.Make();
                    if (n == 3)
                        break;
                    Planner.Run(last);
                    last = null;
                }

                if (last != null)
                    Planner.Run(last);
            }
        }
        """ + Plan);

    [Fact]
    public Task Reports_what_a_task_brings() => Verify.Async(
        """
        class C
        {
            async Task<Plan> Make()
            {
                await Task.Yield();
                return Planner.Make();
            }

            async Task Wrong()
            {
                var plan = {|FENCE013:await Make()|};
            }

            async Task Right() => Planner.Run(await Make());
        }
        """ + Plan);

    [Fact]
    public Task Silent_on_values_that_are_kept_or_handed_on() => Verify.Async(
        """
        class C
        {
            readonly List<Plan> _plans = new();
            readonly Queue<Plan> _queue = new();
            readonly Dictionary<int, Plan> _byId = new();

            void Collections()
            {
                _plans.Add(Planner.Make());
                _plans[0] = Planner.Make();
                _queue.Enqueue(Planner.Make());
                _byId[3] = Planner.Make();
            }

            (Plan, int) Tuple() => (Planner.Make(), 1);

            void Deconstructed()
            {
                var (plan, n) = (Planner.Make(), 1);
                Planner.Run(plan);
            }

            IEnumerable<Plan> Yielded()
            {
                yield return Planner.Make();
            }

            void Captured()
            {
                var plan = Planner.Make();
                Action run = () => Planner.Run(plan);
                run();
            }
        }
        """ + Plan);

    [Fact]
    public Task Reports_a_captured_value_that_no_lambda_consumes() => Verify.Async(
        """
        class C
        {
            void Run(List<object> seen)
            {
                var plan = {|FENCE013:Planner.Make()|};
                seen.RemoveAll(x => x == (object)plan);
            }
        }
        """ + Plan);

    [Fact]
    public Task Missed_a_value_in_a_tuple_that_is_dropped() => Verify.Async(
        """
        class C
        {
            void Run()
            {
                var pair = (Planner.Make(), 1);
            }
        }
        """ + Plan);

    [Theory]
    [InlineData("if ({|FENCE013:TryMake(out var plan)|}) plan.ToString();")]
    [InlineData("var a = {|FENCE013:Planner.Make()|}; var b = Planner.Make(); (a, b) = (b, a); a.Cancel();")]
    [InlineData("{|FENCE013:TryMake(out _)|};")]
    [InlineData("{|FENCE013:Fill(out var plan)|};")]
    [InlineData("try { var plan = {|FENCE013:Planner.Make()|}; Work(); plan.Cancel(); } catch (Exception) { }")]
    public Task Reports_what_an_out_parameter_brought_or_a_handler_dropped(string body) => new FenceTest(Body(body)).RunAsync();

    [Theory]
    [InlineData("if (TryMake(out var plan)) plan.Cancel();")]
    [InlineData("var a = Planner.Make(); var b = Planner.Make(); (a, b) = (b, a); a.Cancel(); b.Cancel();")]
    [InlineData("if (!TryMake(out var plan)) return; plan.Dispose();")]
    [InlineData("Fill(out var plan); Planner.Run(plan);")]
    [InlineData("try { var plan = Planner.Make(); plan.Cancel(); } catch (Exception) { }")]
    [InlineData("try { var plan = Planner.Make(); Planner.Run(plan); } catch (Exception) { }")]
    [InlineData("try { using (Planner.Make()) Work(); } catch (Exception) { }")]
    public Task Silent_where_the_try_failed_or_the_taker_throws(string body) => new FenceTest(Body(body)).RunAsync();

    static string Body(string body) => $$"""
        class C
        {
            static bool TryMake(out Plan plan) { plan = Planner.Make(); return true; }
            static void Fill(out Plan plan) => plan = Planner.Make();
            static void Work() { }

            void Run() { {{body}} }
        }
        """ + Plan;
}
