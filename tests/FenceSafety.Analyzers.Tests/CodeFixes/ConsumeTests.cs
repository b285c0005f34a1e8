using FenceSafety.CodeFixes.Consume;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Consume = Fix<ConsumeCodeFixProvider>;

/// <summary>Values are consumed on every path.</summary>
public class ConsumeTests
{
    const string Types = """


        [MustConsume]
        sealed class Plan : IDisposable
        {
            public int Size;

            [Consumes]
            public void Cancel() { }

            public void Dispose() { }
        }

        [MustConsume]
        struct Slot
        {
            public int Index;
        }

        [MustConsume]
        sealed class Lease<T>
        {
            [Consumes]
            public void Return() { }
        }

        static class Planner
        {
            public static Plan Make() => new();

            public static Slot Reserve() => default;

            public static Lease<T> Rent<T>() => new();

            public static void Run([Consumes] Plan plan) { }

            public static void Fill([Consumes] Slot slot) { }
        }
        """;

    static Task Member(string member, string? fixedMember = null, string? kind = null)
    {
        var test = Consume.Test(Class(member), fixedMember is null ? null : Class(fixedMember));
        test.CodeActionEquivalenceKey = kind is null ? null : "FenceSafety.Consume." + kind;
        return test.RunAsync();
    }

    static string Class(string member) => "class C\n{\n" + member + "\n}" + Types;

    [Fact]
    public Task What_nobody_consumes_is_disposed_of() => Member(
        """
            int Local(bool stop)
            {
                // Prepare.
                var plan = {|FENCE013:Planner.Make()|};
                if (stop)
                    return 0;
                return plan.Size;
            }

            void Dropped()
            {
                {|FENCE013:Planner.Make()|};
            }

            async Task Discarded()
            {
                int plan = 0;
                _ = {|FENCE013:Planner.Make()|};
                await Task.Yield();
            }
        """,
        """
            int Local(bool stop)
            {
                // Prepare.
                using var plan = Planner.Make();
                if (stop)
                    return 0;
                return plan.Size;
            }

            void Dropped()
            {
                using var plan = Planner.Make();
            }

            async Task Discarded()
            {
                int plan = 0;
                using var plan2 = Planner.Make();
                await Task.Yield();
            }
        """,
        "using");

    [Fact]
    public Task What_some_path_drops_is_given_back_there() => Member(
        """
            void M(bool stop, int n)
            {
                var plan = {|FENCE013:Planner.Make()|};
                if (stop)
                    return; // nothing to do
                if (n == 1) return;
                if (n == 2)
                {
                    // Not yet.
                    return;
                }
                else if (n == 3)
                    throw new InvalidOperationException();
                Planner.Run(plan);
            }

            void N(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    var plan = {|FENCE013:Planner.Make()|};
                    if (i == 1)
                        continue;
                    plan.Cancel();
                }
            }
        """,
        """
            void M(bool stop, int n)
            {
                var plan = Planner.Make();
                if (stop)
                {
                    plan.Cancel();
                    return; // nothing to do
                }
                if (n == 1) { plan.Cancel(); return; }
                if (n == 2)
                {
                    // Not yet.
                    plan.Cancel();
                    return;
                }
                else if (n == 3)
                    throw new InvalidOperationException();
                Planner.Run(plan);
            }

            void N(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    var plan = Planner.Make();
                    if (i == 1)
                    {
                        plan.Cancel();
                        continue;
                    }
                    plan.Cancel();
                }
            }
        """);

    [Fact]
    public Task An_overwritten_value_is_given_back_before() => Member(
        """
            void M()
            {
                var plan = {|FENCE013:Planner.Make()|};
                plan = Planner.Make();
                Planner.Run(plan);
            }
        """,
        """
            void M()
            {
                var plan = Planner.Make();
                plan.Cancel();
                plan = Planner.Make();
                Planner.Run(plan);
            }
        """);

    [Fact]
    public Task The_only_call_that_gives_it_back() => Member(
        """
            void Dropped() => {|FENCE013:Planner.Rent<int>()|};

            bool Local(bool stop)
            {
                var lease = {|FENCE013:Planner.Rent<string>()|};
                if (stop)
                    return false;
                bool known = lease != null;
                return known;
            }
        """,
        """
            void Dropped() => Planner.Rent<int>().Return();

            bool Local(bool stop)
            {
                var lease = Planner.Rent<string>();
                if (stop)
                {
                    lease.Return();
                    return false;
                }
                bool known = lease != null;
                lease.Return();
                return known;
            }
        """);

    [Fact]
    public Task The_only_call_that_takes_it() => Member(
        """
            void M()
            {
                var slot = {|FENCE013:Planner.Reserve()|};
                slot.Index = 1;
            }
        """,
        """
            void M()
            {
                var slot = Planner.Reserve();
                slot.Index = 1;
                Planner.Fill(slot);
            }
        """,
        "pass");

    [Fact]
    public Task Top_level_statements() => Consume.Program(
        "var plan = {|FENCE013:Planner.Make()|};\nConsole.WriteLine(plan.Size);" + Types,
        "using var plan = Planner.Make();\nConsole.WriteLine(plan.Size);" + Types);

    [Fact]
    public Task Refused_where_it_may_be_consumed_already_or_is_needed_on_the_way_out() => Member(
        """
            void Already(bool run, bool stop)
            {
                var plan = {|FENCE013:Planner.Make()|};
                if (run)
                    Planner.Run(plan);
                if (stop)
                    return;
            }

            int Needed(bool stop)
            {
                var plan = {|FENCE013:Planner.Make()|};
                if (stop)
                    return plan.Size;
                Planner.Run(plan);
                return 0;
            }

            void Nothing() => {|FENCE013:Planner.Reserve()|};
        """);
}
