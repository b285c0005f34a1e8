using FenceSafety.CodeFixes.Annotate;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

using Annotate = Fix<MayAllocateCodeFixProvider>;

/// <summary>A contract that says what the code does.</summary>
public class MayAllocateTests
{
    static Task Visible(string code, string? fixedCode = null)
    {
        var test = Annotate.Test(code, fixedCode);
        test.EnabledDiagnostics.Add("FENCE012");
        return test.RunAsync();
    }

    [Fact]
    public Task A_visible_member_says_that_it_allocates() => Visible(
        """
        public class Pool
        {
            /// <summary>Fills it.</summary>
            public object {|FENCE012:Refill|}() => Kmem.Get();

            [Obsolete] protected virtual void {|FENCE012:Grow|}() { Kmem.Get(); }

            public {|FENCE012:Pool|}() { Kmem.Get(); }

            public object {|FENCE012:Page|} { get => Kmem.Get(); }
        }
        """,
        """
        public class Pool
        {
            /// <summary>Fills it.</summary>
            [MayAllocate]
            public object Refill() => Kmem.Get();

            [Obsolete] [MayAllocate] protected virtual void Grow() { Kmem.Get(); }

            [MayAllocate]
            public Pool() { Kmem.Get(); }

            [MayAllocate]
            public object Page { get => Kmem.Get(); }
        }
        """);

    [Fact]
    public Task Flags_that_are_handed_on_decide() => Visible(
        """
        public class Pool
        {
            public object {|FENCE012:Refill|}(int n, Gfp how) => Kmem.Get(how);

            [FenceCritical]
            internal void Run() => Refill(1, Gfp.High);
        }
        """,
        """
        public class Pool
        {
            [MayAllocate(FlagsParameter = nameof(how), BlockingFlags = Vocabulary.Gfp.Reclaim)]
            public object Refill(int n, Gfp how) => Kmem.Get(how);

            [FenceCritical]
            internal void Run() => Refill(1, Gfp.High);
        }
        """);

    [Fact]
    public Task A_critical_contract_that_is_not_kept_is_given_up() => Annotate.Code(
        """
        class Pool
        {
            [FenceCritical] // since 2.0
            void Refill() { {|FENCE001:Kmem.Get()|}; {|FENCE001:Kmem.Get()|}; }
        }
        """,
        """
        class Pool
        {
            [MayAllocate] // since 2.0
            void Refill() { Kmem.Get(); Kmem.Get(); }
        }
        """);

    [Fact]
    public Task Refused_where_fence_critical_code_calls_it() => Annotate.Code(
        """
        class Pool
        {
            [FenceCritical] void Refill() => {|FENCE001:Kmem.Get()|};

            [FenceCritical] void Run() => Refill();
        }
        """);

    [Fact]
    public Task Refused_where_a_base_demands_it() => Annotate.Code(
        """
        interface IJob
        {
            [FenceCritical] void Run();
        }

        class Job : IJob
        {
            public void Run() => {|FENCE001:Kmem.Get()|};
        }

        class Region
        {
            void Run()
            {
                using (Fence.BeginSignalling())
                    {|FENCE001:Kmem.Get()|};
            }
        }
        """);

    [Fact]
    public void It_has_no_Fix_All() => Assert.Null(new MayAllocateCodeFixProvider().GetFixAllProvider());
}
