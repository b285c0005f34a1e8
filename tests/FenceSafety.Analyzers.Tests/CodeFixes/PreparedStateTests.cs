using FenceSafety.CodeFixes.PreparedState;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Several values of one method, prepared in a struct.</summary>
public class PreparedStateTests
{
    static Task Code(string code, string? fixedCode = null) => Fix<PreparedStateCodeFixProvider>.Code(code, fixedCode, applications: fixedCode is null ? null : 1);

    [Fact]
    public Task Two_values() => Code(
        """
        class Ring
        {
            readonly int _shift = 2;
            object _page;
            Node _node;

            [MayAllocate] static object Sized(int n) => null;

            void Submit(int n)
            {
                // Not critical yet.
                Run(n);
            }

            static void Resubmit(Ring other) => other.Run(3);

            [FenceCritical]
            void Run(int pages)
            {
                int size = pages << _shift;
                var page = {|FENCE001:Sized(size)|};
                var node = {|FENCE011:new Node()|};
                _page = page;
                _node = node;
            }

            void Other() { }
        }
        """,
        """
        class Ring
        {
            readonly int _shift = 2;
            object _page;
            Node _node;

            [MayAllocate] static object Sized(int n) => null;

            void Submit(int n)
            {
                // Not critical yet.
                Run(n, RunPrepared.Prepare(this, n));
            }

            static void Resubmit(Ring other) => other.Run(3, RunPrepared.Prepare(other, 3));

            [FenceCritical]
            void Run(int pages, RunPrepared prepared)
            {
                int size = pages << _shift;
                var page = prepared.Page;
                var node = prepared.Node;
                _page = page;
                _node = node;
            }

            /// <summary>What Run needs and must not allocate itself.</summary>
            readonly record struct RunPrepared(object Page, Node Node)
            {
                public static RunPrepared Prepare(Ring ring, int pages) => new(Sized((pages << ring._shift)), new Node());
            }

            void Other() { }
        }
        """);

    [Fact]
    public Task An_expression_body_and_a_critical_caller() => Code(
        """
        class Ring
        {
            static void Use(object a, object b) { }

            public static void Submit() => Execute();

            [FenceCritical]
            static void Execute() => Run();

            [FenceCritical]
            internal static void Run() => Use({|FENCE001:Kmem.Get()|}, {|FENCE001:Kmem.Get()|});
        }
        """,
        """
        class Ring
        {
            static void Use(object a, object b) { }

            public static void Submit() => Execute(RunPrepared.Prepare());

            [FenceCritical]
            static void Execute(RunPrepared prepared) => Run(prepared);

            [FenceCritical]
            internal static void Run(RunPrepared prepared)
            {
                Use(prepared.A, prepared.B);
            }

            /// <summary>What Run needs and must not allocate itself.</summary>
            internal readonly record struct RunPrepared(object A, object B)
            {
                public static RunPrepared Prepare() => new(Kmem.Get(), Kmem.Get());
            }
        }
        """);

    [Theory]
    [InlineData("void Run(int n)", "_page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("void Run(int n)", "_page = {|FENCE001:Kmem.Get()|}; _page = {|FENCE001:Kmem.Get()|};")]
    [InlineData("void Run(int n)", "if (n > 0) Use({|FENCE001:Kmem.Get()|}, {|FENCE001:Kmem.Get()|});")]
    [InlineData("void Run<T>(int n)", "Use({|FENCE001:Kmem.Get()|}, {|FENCE001:Kmem.Get()|});")]
    [InlineData("internal virtual void Run(int n)", "Use({|FENCE001:Kmem.Get()|}, {|FENCE001:Kmem.Get()|});")]
    public Task Is_not_offered(string method, string body) => Code($$"""
        class C
        {
            object _page;

            static void Use(object a, object b) { }

            [FenceCritical]
            {{method}}
            {
                {{body}}
            }
        }
        """);

    [Fact]
    public async Task The_program_prints_the_same() => Assert.Equal(1, await FixedProgram.PrintsTheSameAsync(
        $$"""
        class Ring(string name)
        {
            [MayAllocate]
            static string Alloc(string what)
            {
                Log.Add("alloc " + what);
                return what;
            }

            readonly string _name = name;
            string _text = "";

            [FenceCritical]
            public void Run(string own, int n = 3)
            {
                var first = Alloc(_name);
                var second = Alloc(own);
                _text = n == 3 ? first : second;
            }

            public override string ToString() => _text;
        }

        static class P
        {
            public static string Run()
            {
                var ring = new Ring("ring");
                ring.Run("a");
                ring.Run(n: 4, own: "b");
                Log.Add(ring.ToString());
                return Log.Text();
            }
        }

        {{FixedProgram.Log}}
        """,
        new PreparedStateCodeFixProvider()));
}
