using FenceSafety.CodeFixes.MoveWait;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Move = Fix<MoveWaitCodeFixProvider>;

/// <summary>Waits are moved before the region that the body begins.</summary>
public class MoveWaitTests
{
    static Task Member(string member, string? fixedMember = null, int? applications = null)
    {
        var test = Move.Test(Class(member), fixedMember is null ? null : Class(fixedMember));
        test.NumberOfIncrementalIterations = applications;
        return test.RunAsync();
    }

    static string Class(string member) => $$"""
        class C
        {
            Fence _previous;
            int _count;

            void Push() => _count++;

            static Fence Next(Fence fence) => fence;

        {{member}}
        }
        """;

    [Fact]
    public Task Out_of_using_statements_and_declarations() => Member(
        """
            void Statement(Fence fence)
            {
                // The region.
                using (Fence.BeginSignalling())
                {
                    // The one before.
                    {|FENCE003:fence.Wait()|}; // long
                    Push();
                }
            }

            void Embedded(Fence fence)
            {
                using (Fence.BeginSignalling())
                    {|FENCE003:fence.Wait()|};
            }

            void Declaration(Fence fence)
            {
                Push();

                using var region = Fence.BeginSignalling();
                {|FENCE003:fence.Wait()|};

                Push();
            }
        """,
        """
            void Statement(Fence fence)
            {
                // The one before.
                fence.Wait(); // long
                // The region.
                using (Fence.BeginSignalling())
                {
                    Push();
                }
            }

            void Embedded(Fence fence)
            {
                fence.Wait();
                using (Fence.BeginSignalling())
                {
                }
            }

            void Declaration(Fence fence)
            {
                Push();

                fence.Wait();
                using var region = Fence.BeginSignalling();

                Push();
            }
        """);

    [Fact]
    public Task Before_a_begin_that_an_end_belongs_to_with_a_try_between() => Member(
        """
            void M()
            {
                bool cookie = Fence.Begin();
                try
                {
                    int count = _count;
                    {|FENCE003:Settle()|};
                    Push();
                }
                finally
                {
                    Fence.End(cookie);
                }
            }

            void Settle() => _previous.Wait();
        """,
        """
            void M()
            {
                Settle();
                bool cookie = Fence.Begin();
                try
                {
                    int count = _count;
                    Push();
                }
                finally
                {
                    Fence.End(cookie);
                }
            }

            void Settle() => _previous.Wait();
        """);

    [Fact]
    public Task With_what_it_needs_and_several_in_their_order() => Member(
        """
            void M(Fence[] fences)
            {
                using (Fence.BeginSignalling())
                {
                    var previous = _previous;
                    int i = 1, j = 0;
                    var other = fences[0];
                    {|FENCE003:previous.Wait()|};
                    {|FENCE003:other.Wait()|};
                    Push();
                }
            }
        """,
        """
            void M(Fence[] fences)
            {
                var previous = _previous;
                previous.Wait();
                var other = fences[0];
                other.Wait();
                using (Fence.BeginSignalling())
                {
                    int i = 1, j = 0;
                    Push();
                }
            }
        """,
        applications: 2);

    [Fact]
    public Task Tasks_and_results() => Member(
        """
            async Task<T> M<T>(Task<T> task, Task other)
            {
                var cookie = Fence.Begin();
                {|FENCE003:other.Wait()|};
                var result = {|FENCE003:task.Result|};
                Fence.End(cookie);
                await other;
                return result;
            }
        """,
        """
            async Task<T> M<T>(Task<T> task, Task other)
            {
                other.Wait();
                var result = task.Result;
                var cookie = Fence.Begin();
                Fence.End(cookie);
                await other;
                return result;
            }
        """,
        applications: 2);

    [Fact]
    public Task Top_level_statements() => Move.Program(
        """
        Fence fence = new();
        using (Fence.BeginSignalling())
        {
            {|FENCE003:fence.Wait()|};
        }
        """,
        """
        Fence fence = new();
        fence.Wait();
        using (Fence.BeginSignalling())
        {
        }
        """);

    [Fact]
    public Task Refused_after_an_effect_under_a_condition_or_where_the_value_is_made_in_the_region() => Member(
        """
            void Effect(Fence fence)
            {
                using (Fence.BeginSignalling())
                {
                    Push();
                    {|FENCE003:fence.Wait()|};
                }
            }

            void Condition(Fence fence, bool wait)
            {
                using (Fence.BeginSignalling())
                {
                    if (wait)
                        {|FENCE003:fence.Wait()|};
                }
            }

            void Jump(Fence fence, bool stop)
            {
                using (Fence.BeginSignalling())
                {
                    if (stop)
                        return;
                    {|FENCE003:fence.Wait()|};
                }
            }

            void Made(Fence fence)
            {
                using (Fence.BeginSignalling())
                {
                    var next = Next(fence);
                    {|FENCE003:next.Wait()|};
                }
            }

            void Written(Fence fence, Fence other)
            {
                using (Fence.BeginSignalling())
                {
                    fence = other;
                    {|FENCE003:fence.Wait()|};
                }
            }

            void Catch(Fence fence)
            {
                using (Fence.BeginSignalling())
                {
                    try
                    {
                        {|FENCE003:fence.Wait()|};
                    }
                    catch (Exception)
                    {
                    }
                }
            }

            readonly object _gate = new();

            void Locked(Fence fence)
            {
                using (Fence.BeginSignalling())
                    lock (_gate)
                        {|FENCE003:fence.Wait()|};
            }

            void Local(Fence fence)
            {
                using (Fence.BeginSignalling())
                {
                    {|FENCE003:Settle()|};
                    void Settle() => fence.Wait();
                }
            }

            [FenceCritical]
            void Whole(Fence fence) => {|FENCE003:fence.Wait()|};
        """);
}
