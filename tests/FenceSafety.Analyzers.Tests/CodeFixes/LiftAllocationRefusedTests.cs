namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Where the callers cannot make the value, or it would be another, no fix is offered.</summary>
public class LiftAllocationRefusedTests
{
    [Theory]
    [InlineData("if (n > 0) _page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("if (n == 0) return; _page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("_page ??= {|FENCE001:Kmem.Get()|};")]
    [InlineData("while (n-- > 0) _page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("foreach (var one in _pages) _page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("try { _page = {|FENCE001:Kmem.Get()|}; } catch (OutOfMemoryException) { _page = null; }")]
    public Task A_condition_a_loop_or_a_handler(string body) => Run(body);

    [Theory]
    [InlineData("int size = Next(); _page = {|FENCE001:Sized(size)|};")]
    [InlineData("n++; _page = {|FENCE001:Sized(n)|};")]
    [InlineData("_page = {|FENCE001:Local()|}; object Local() => Sized(n);")]
    [InlineData("_page = {|FENCE001:Sized(int.TryParse(\"1\", out int size) ? size : n)|};")]
    public Task Values_of_its_own(string body) => Run(body, "Run(Next());");

    [Theory]
    [InlineData("_page = null; _page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("Next(); _page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("{|FENCE001:Kmem.Get()|};")]
    [InlineData("_page = {|FENCE011:_set.Add(n)|} ? this : null;")]
    public Task An_effect_before_or_no_use_of_the_value(string body) => Run(body);

    [Theory]
    [InlineData("Action<int> run = Run;")]
    [InlineData("Use(Run);")]
    [InlineData("new Thread(() => Use(Run)).Start();")]
    public Task A_method_group(string use) => Run("_page = {|FENCE001:Kmem.Get()|};", use);

    [Fact]
    public Task An_argument_with_an_effect() => Run("_page = {|FENCE001:Sized(n)|};", "Run(Next());");

    [Fact]
    public Task Recursion() => LiftAllocationTests.Code(
        """
        class C
        {
            object _page;

            [FenceCritical]
            void Run(int n)
            {
                _page = {|FENCE001:Kmem.Get()|};
                if (n > 0)
                    Run(n - 1);
            }
        }
        """);

    [Fact]
    public Task Signatures_of_others() => LiftAllocationTests.Code(
        """
        class C : IDisposable, IComparer<int>
        {
            object _page;

            [FenceCritical]
            public void Dispose() => _page = {|FENCE001:Kmem.Get()|};

            [FenceCritical]
            public int Compare(int a, int b) => {|FENCE001:Kmem.Get()|} == null ? 0 : 1;

            [FenceCritical]
            public override string ToString() => (string){|FENCE001:Kmem.Get()|};

            [FenceCritical]
            object Property => {|FENCE001:Kmem.Get()|};

            [FenceCritical]
            IEnumerable<object> {|FENCE011:Iterator|}()
            {
                yield return {|FENCE001:Kmem.Get()|};
            }

            [FenceCritical]
            void Params(params int[] all) => _page = {|FENCE001:Kmem.Get()|};
        }
        """);

    [Fact]
    public Task A_private_member_of_another_type() => LiftAllocationTests.Code(
        """
        class Ring
        {
            object _page;

            [MayAllocate] object Make() => null;

            [FenceCritical]
            internal void Run() => _page = {|FENCE001:Make()|};
        }

        class User
        {
            void M(Ring ring) => ring.Run();
        }
        """);

    [Fact]
    public Task Under_a_lock_of_the_caller() => LiftAllocationTests.Code(
        """
        class Ring
        {
            [FenceSafeLock] readonly object _gate = new();
            object _page;

            void M()
            {
                lock (_gate)
                    Run();
            }

            [FenceCritical]
            void Run() => _page = {|FENCE001:Kmem.Get()|};
        }
        """);

    static Task Run(string body, string call = "Run(1);") => LiftAllocationTests.Code($$"""
        class C
        {
            readonly object[] _pages = new object[2];
            readonly HashSet<int> _set = new();
            object _page;
            int _count;

            [MayAllocate] static object Sized(int n) => null;

            int Next() => _count++;

            static void Use(Action<int> run) { }

            void Submit()
            {
                {{call}}
            }

            [FenceCritical]
            void Run(int n)
            {
                {{body}}
            }
        }
        """);
}
