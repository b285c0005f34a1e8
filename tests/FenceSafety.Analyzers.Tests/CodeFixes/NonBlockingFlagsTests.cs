using FenceSafety.CodeFixes.NonBlockingFlags;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Blocking bits are taken out of constants that reach an allocator.</summary>
public class NonBlockingFlagsTests
{
    static Task Code(string code, string? fixedCode = null, int? applications = null) =>
        Fix<NonBlockingFlagsCodeFixProvider>.Code(code, fixedCode, applications);

    [Theory]
    [InlineData("Gfp.Kernel", "Gfp.Io")]
    [InlineData("Gfp.Reclaim", "Gfp.None")]
    [InlineData("Gfp.Reclaim | Gfp.High", "Gfp.High")]
    [InlineData("Gfp.Kernel | Gfp.High", "Gfp.High | Gfp.Io")]
    [InlineData("(Gfp)18", "(Gfp)16")]
    [InlineData("gfp: Gfp.Reclaim", "gfp: Gfp.None")]
    public Task The_other_bits_stay(string before, string after) => Code(
        $"class C {{ [FenceCritical] object Run() => {{|FENCE001:Kmem.Get({before})|}}; }}",
        $"class C {{ [FenceCritical] object Run() => Kmem.Get({after}); }}");

    [Fact]
    public Task Flags_that_are_passed_on() => Code(
        """
        class C
        {
            const Gfp Usual = Gfp.Kernel;

            static object Zeroed(int size, Gfp gfp) => Kmem.Get(gfp);

            [FenceCritical]
            object Run() => {|FENCE001:Zeroed(4, Usual /* may wait */)|};
        }
        """,
        """
        class C
        {
            const Gfp Usual = Gfp.Kernel;

            static object Zeroed(int size, Gfp gfp) => Kmem.Get(gfp);

            [FenceCritical]
            object Run() => Zeroed(4, Gfp.Io /* may wait */);
        }
        """);

    [Fact]
    public Task A_default_and_a_member_by_convention() => Code(
        """
        enum Wait { Full = 1, NoWait = 2, Never = 0 }

        class Pool
        {
            [MayAllocate(FlagsParameter = "wait", BlockingFlags = Wait.Full)]
            public Pool(int size = 1, Wait wait = Wait.Full) { }

            [MayAllocate(FlagsParameter = "wait", BlockingFlags = 1)]
            public static object Make(Wait wait = Wait.Full) => null;

            [FenceCritical]
            void Run()
            {
                {|FENCE001:Make()|};
                {|FENCE001:Make(Wait.Full)|};
            }
        }
        """,
        """
        enum Wait { Full = 1, NoWait = 2, Never = 0 }

        class Pool
        {
            [MayAllocate(FlagsParameter = "wait", BlockingFlags = Wait.Full)]
            public Pool(int size = 1, Wait wait = Wait.Full) { }

            [MayAllocate(FlagsParameter = "wait", BlockingFlags = 1)]
            public static object Make(Wait wait = Wait.Full) => null;

            [FenceCritical]
            void Run()
            {
                Make(wait: Wait.NoWait);
                Make(Wait.NoWait);
            }
        }
        """,
        applications: 2);

    [Fact]
    public Task Under_a_lock_and_in_reclaim() => Code(
        """
        class C
        {
            [FenceSafeLock] readonly object _gate = new();

            void M()
            {
                lock (_gate)
                    {|FENCE004:Kmem.Get(Gfp.Kernel)|};
            }

            [RunsInReclaim]
            void Shrink() => {|FENCE007:Kmem.Get(Gfp.Reclaim)|};
        }
        """,
        """
        class C
        {
            [FenceSafeLock] readonly object _gate = new();

            void M()
            {
                lock (_gate)
                    Kmem.Get(Gfp.Io);
            }

            [RunsInReclaim]
            void Shrink() => Kmem.Get(Gfp.None);
        }
        """,
        applications: 2);

    [Theory]
    [InlineData("{|FENCE001:Kmem.Get()|}")]
    [InlineData("{|FENCE001:Kmem.Get(gfp)|}")]
    [InlineData("{|FENCE001:Kmem.Get(gfp | Gfp.Kernel)|}")]
    public Task Not_where_there_is_no_constant(string call) => Code(
        $"class C {{ object _o; [FenceCritical] void Run() {{ Gfp gfp = (Gfp)DateTime.Now.Ticks; _o = {call}; }} }}");

    [Fact]
    public void A_batch_does_not_apply_it() => Assert.Null(new NonBlockingFlagsCodeFixProvider().GetFixAllProvider());
}
