using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Blocking allocation in fence-critical code: A direct, B chains, C dispatch, D delegates, E implicit calls, F cold paths.</summary>
public class FENCE001Tests
{
    [Fact]
    public Task Reports_a_chain_at_its_first_hop() => Verify.Async(
        """
        class C
        {
            void A() => B();

            void B() => Kmem.Get();

            [FenceCritical]
            void Run()
            {
                {|#0:A()|};
            }
        }
        """,
        Verify.At0("FENCE001", "Kmem.Get", "C.Run → C.A → C.B → Kmem.Get"));

    [Fact]
    public Task Reports_the_shortest_chain_once() => Verify.Async(
        """
        class C
        {
            void Short() => Kmem.Get();

            void Long() => Short();

            void Both()
            {
                Long();
                Short();
            }

            [FenceCritical]
            void Run() => {|#0:Both()|};
        }
        """,
        Verify.At0("FENCE001", "C.Run → C.Both → C.Short → Kmem.Get"));

    [Fact]
    public Task Silent_outside_critical_code() => Verify.Async(
        """
        class C
        {
            void Prepare() => Kmem.Get();

            [FenceCritical]
            void Run() { }
        }
        """);

    [Fact]
    public Task Reports_flags_with_a_blocking_bit() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            void Run(Gfp any)
            {
                {|FENCE001:Kmem.Get(Gfp.Kernel)|};
                {|FENCE001:Kmem.Get(Gfp.High | Gfp.Reclaim)|};
                {|FENCE001:Kmem.Get(any)|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_flags_without_one() => Verify.Async(
        """
        class C
        {
            const Gfp Quick = Gfp.High | Gfp.Io;

            [FenceCritical]
            void Run()
            {
                Kmem.Get(Gfp.None);
                Kmem.Get(Quick);
            }
        }
        """);

    [Fact]
    public Task Reports_where_the_caller_chose_the_flags() => Verify.Async(
        """
        class C
        {
            static object Wrap(Gfp gfp) => Kmem.Get(gfp);

            [FenceCritical]
            void Right() => Wrap(Gfp.High);

            [FenceCritical]
            void Wrong() => {|FENCE001:Wrap(Gfp.Kernel)|};
        }
        """);

    [Fact]
    public Task Silent_on_a_callee_that_is_checked_by_itself() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            void Inner() => {|FENCE001:Kmem.Get()|};

            [FenceCritical]
            void Outer() => Inner();
        }
        """);

    [Fact]
    public Task Silent_on_a_callee_somebody_vouches_for() => Verify.Async(
        """
        class C
        {
            [AssumeFenceSafe("the pool is filled before")]
            object Take() => Kmem.Get();

            [FenceCritical]
            void Run() => Take();
        }
        """);

    [Fact]
    public Task Reports_the_one_of_several_overrides() => Verify.Async(
        """
        abstract class Op
        {
            public abstract void Go();
        }

        sealed class Quiet : Op
        {
            public override void Go() { }
        }

        sealed class Greedy : Op
        {
            public override void Go() => Kmem.Get();
        }

        class C
        {
            [FenceCritical]
            void Any(Op op) => {|FENCE001:op.Go()|};

            [FenceCritical]
            void Sealed(Quiet op) => op.Go();
        }
        """);

    [Fact]
    public Task Reports_an_implementation_that_inherits_the_contract() => Verify.Async(
        """
        interface IJob
        {
            [FenceCritical]
            void Run();

            void Prepare();
        }

        sealed class Bind : IJob
        {
            public void Run() => {|FENCE001:Kmem.Get()|};

            public void Prepare() => Kmem.Get();
        }
        """);

    [Fact]
    public Task Reports_the_delegate_that_allocates_and_no_other() => Verify.Async(
        """
        class C
        {
            static void Twice(Action step)
            {
                step();
                step();
            }

            void Prepare() => Twice(static () => Kmem.Get());

            [FenceCritical]
            void Right() => Twice(static () => { });

            [FenceCritical]
            void Wrong() => {|FENCE001:Twice(static () => Kmem.Get())|};
        }
        """);

    [Fact]
    public Task Silent_on_a_lambda_that_is_not_run() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            void Run()
            {
                Action later = static () => Kmem.Get();
            }
        }
        """);

    [Fact]
    public Task Reports_calls_that_are_not_written_as_calls() => Verify.Async(
        """
        struct Handle : IDisposable
        {
            public int Size
            {
                get
                {
                    Kmem.Get();
                    return 0;
                }

                set { }
            }

            public static Handle operator +(Handle a, Handle b)
            {
                Kmem.Get();
                return a;
            }

            public static implicit operator Handle(int id)
            {
                Kmem.Get();
                return default;
            }

            public void Dispose() => Kmem.Get();
        }

        static class Table
        {
            public static readonly int Size;

            static Table() => Kmem.Get();
        }

        class C
        {
            static void Use(Handle h) { }

            [FenceCritical]
            void Run(Handle h)
            {
                h.Size = 1;
                _ = {|FENCE001:h.Size|};
                h = {|FENCE001:h + h|};
                Use({|FENCE001:4|});
                using (var other = {|FENCE001:new Handle()|}) { }
                _ = {|FENCE001:Table.Size|};
            }
        }
        """);

    [Fact]
    public Task Reports_catch_and_finally() => Verify.Async(
        """
        class C
        {
            void Try() { }

            [FenceCritical]
            void Run()
            {
                try
                {
                    Try();
                }
                catch (Exception)
                {
                    {|FENCE001:Kmem.Get()|};
                }
                finally
                {
                    {|FENCE001:Kmem.Get()|};
                }
            }
        }
        """);

    [Fact]
    public Task Silent_where_it_ends_in_a_throw() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            void Run(int n)
            {
                if (n < 0)
                {
                    Kmem.Get();
                    throw new ArgumentException("negative: " + n);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_a_throw_path_on_request() => new FenceTest(
        """
        class C
        {
            [FenceCritical]
            void Run(int n)
            {
                if (n < 0)
                {
                    {|FENCE001:Kmem.Get()|};
                    throw null;
                }
            }
        }
        """).WithOption("fence_safety.throw_paths", "include").RunAsync();

    [Fact]
    public Task Silent_in_calls_that_are_compiled_away() => Verify.Async(
        """
        class C
        {
            [Conditional("TRACE_FENCES")]
            static void Trace(object what) { }

            [FenceCritical]
            void Run()
            {
                Trace(Kmem.Get());
                return;
            }
        }
        """);

    [Theory]
    [InlineData("[FenceCritical] static C() { {|FENCE001:Kmem.Get()|}; }")]
    [InlineData("static C() { Kmem.Get(); }")]
    public Task Reports_in_a_static_constructor_that_is_critical(string constructor) => Verify.Async($$"""
        class C
        {
            {{constructor}}
        }
        """);
}
