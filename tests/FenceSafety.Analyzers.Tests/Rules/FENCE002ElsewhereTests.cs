using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Who holds the lock "elsewhere": a helper that is called from inside and outside belongs to whoever says what it is to do.</summary>
public class FENCE002ElsewhereTests
{
    const string Helper = """

        static class Helper
        {
            public static void With(object gate, Action action)
            {
                lock (gate)
                    {|#1:action()|};
            }

            public static void Twice(object gate, Action action) => With(gate, action);
        }
        """;

    static DiagnosticResult At1(string id, string part) => new DiagnosticResult(id).WithLocation(1).WithMessageContaining(part);

    [Theory]
    [InlineData("With")]
    [InlineData("Twice")]
    public Task Reports_a_helper_that_somebody_else_gives_an_allocation(string helper) => new FenceTest(
        $$"""
        class C
        {
            readonly object _gate = new();

            void Refill() => Helper.{{helper}}(_gate, static () => Kmem.Get());

            [FenceCritical]
            void Run() => {|#0:Helper.{{helper}}(_gate, static () => { })|};
        }
        """ + Helper).Expecting(Verify.At0("FENCE002", "C._gate")).Expecting(At1("FENCE004", "C._gate")).RunAsync();

    [Fact]
    public Task Silent_where_each_gives_the_helper_a_lock_of_its_own() => new FenceTest(
        """
        class C
        {
            readonly object _gate = new(), _other = new();

            void Refill() => Helper.With(_other, static () => Kmem.Get());

            [FenceCritical]
            void Run() => Helper.With(_gate, static () => { });
        }
        """ + Helper.Replace("{|#1:action()|}", "action()")).RunAsync();

    /// <summary>The inner acquisition is what is wrong, and the allocation behind it is reported.</summary>
    [Fact]
    public Task Silent_where_the_critical_body_itself_gives_the_allocation() => new FenceTest(
        """
        class C
        {
            readonly object _gate = new();

            [FenceCritical]
            void Run() => {|FENCE001:Helper.With(_gate, static () => Kmem.Get())|};
        }
        """ + Helper).Expecting(At1("FENCE004", "C._gate")).RunAsync();

    [Fact]
    public Task Reports_in_a_region_what_the_same_body_calls_before_it() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }

            void Run()
            {
                Refill();
                using (Fence.BeginSignalling())
                {
                    lock ({|FENCE002:_gate|}) { }
                }
            }
        }
        """);

    [Fact]
    public Task Silent_in_a_region_that_makes_the_call_itself() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }

            void Run()
            {
                using (Fence.BeginSignalling())
                {
                    {|FENCE001:Refill()|};
                    lock (_gate) { }
                }
            }
        }
        """);

    /// <summary>The shortest path from where the order leads comes back to the lock itself; another one does not.</summary>
    [Fact]
    public Task Reports_a_path_that_begins_elsewhere_beside_one_that_comes_back() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new(), s_back = new(), s_far = new();

            static bool Full() => true;

            static void Work(Fence fence)
            {
                object gate = Full() ? s_a : s_far;
                lock (gate)
                    {|FENCE004:fence.Wait()|};
                lock (s_a) { }
            }

            void Order()
            {
                lock (s_a)
                    lock ({|FENCE005:s_back|}) { }
                lock (s_back)
                    lock ({|FENCE005:s_a|}) { }
                lock (s_back)
                    lock (s_far) { }
            }

            void Run(Fence fence)
            {
                using (Fence.BeginSignalling())
                    {|FENCE003:{|FENCE002:Work(fence)|}|};
            }
        }
        """);

    [Fact]
    public Task Silent_where_every_path_comes_back_to_what_the_region_does_itself() => Verify.Async(
        """
        class C
        {
            static readonly object s_a = new(), s_back = new();

            static void Work(Fence fence)
            {
                lock (s_a)
                    {|FENCE004:fence.Wait()|};
                lock (s_a) { }
            }

            void Order()
            {
                lock (s_a)
                    lock ({|FENCE005:s_back|}) { }
                lock (s_back)
                    lock ({|FENCE005:s_a|}) { }
            }

            void Run(Fence fence)
            {
                using (Fence.BeginSignalling())
                    {|FENCE003:Work(fence)|};
            }
        }
        """);
}
