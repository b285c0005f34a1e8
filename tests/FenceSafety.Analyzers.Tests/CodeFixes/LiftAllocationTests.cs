using FenceSafety.CodeFixes.LiftAllocation;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>The plain cases: who makes the value, and how it is handed over.</summary>
public class LiftAllocationTests
{
    internal static Task Code(string code, string? fixedCode = null, int? applications = null) =>
        Fix<LiftAllocationCodeFixProvider>.Code(code, fixedCode, applications);

    [Fact]
    public Task A_declaration_becomes_the_parameter() => Code(
        """
        class Ring
        {
            object _page;

            void Submit()
            {
                Run(1);
            }

            [FenceCritical]
            void Run(int n)
            {
                var page = {|FENCE001:Kmem.Get()|};

                _page = page;
            }
        }
        """,
        """
        class Ring
        {
            object _page;

            void Submit()
            {
                Run(1, Kmem.Get());
            }

            [FenceCritical]
            void Run(int n, object page)
            {
                _page = page;
            }
        }
        """);

    [Fact]
    public Task A_field_is_assigned_from_it() => Code(
        """
        class Ring
        {
            Node _node;

            void Submit() => Run();

            [FenceCritical]
            void Run() => _node = {|FENCE011:new Node { Value = 1 }|};
        }
        """,
        """
        class Ring
        {
            Node _node;

            void Submit() => Run(new Node { Value = 1 });

            [FenceCritical]
            void Run(Node node) => _node = node;
        }
        """);

    [Fact]
    public Task Through_helpers_and_critical_callers_up_to_prepare() => Code(
        """
        class Ring
        {
            object _page;

            public void Submit() => Execute();

            public void Resume() => Refill();

            [FenceCritical]
            void Execute()
            {
                Run();
            }

            [FenceCritical]
            void Run() => {|FENCE001:Refill()|};

            void Refill()
            {
                _page = Kmem.Get();
            }
        }
        """,
        """
        class Ring
        {
            object _page;

            public void Submit() => Execute(Kmem.Get());

            public void Resume() => Refill(Kmem.Get());

            [FenceCritical]
            void Execute(object page)
            {
                Run(page);
            }

            [FenceCritical]
            void Run(object page) => Refill(page);

            void Refill(object page)
            {
                _page = page;
            }
        }
        """);

    [Fact]
    public Task What_a_helper_makes_is_lifted_as_a_whole() => Code(
        """
        class Ring
        {
            object _page;

            static object Zeroed(int size) => Kmem.Get();

            void Submit(int size) => Run(size);

            [FenceCritical]
            void Run(int size)
            {
                _page = {|FENCE001:Zeroed(size * 2)|};
            }
        }
        """,
        """
        class Ring
        {
            object _page;

            static object Zeroed(int size) => Kmem.Get();

            void Submit(int size) => Run(size, Zeroed(size * 2));

            [FenceCritical]
            void Run(int size, object page)
            {
                _page = page;
            }
        }
        """);

    [Fact]
    public Task Interfaces_and_overrides_change_along()
    {
        var test = Fix<LiftAllocationCodeFixProvider>.Test(
            """
            interface IJob
            {
                [FenceCritical]
                void Run(int n);
            }

            abstract class Job : IJob
            {
                public abstract void Run(int n);
            }

            class Map : Job
            {
                object _page;

                public override void Run(int n)
                {
                    _page = {|FENCE001:Kmem.Get()|};
                }
            }

            class Nothing : Job
            {
                public override void Run(int n) { }
            }

            class Logged : Nothing
            {
                public override void Run(int n)
                {
                    base.Run(n);
                }
            }
            """,
            """
            interface IJob
            {
                [FenceCritical]
                void Run(int n, object page);
            }

            abstract class Job : IJob
            {
                public abstract void Run(int n, object page);
            }

            class Map : Job
            {
                object _page;

                public override void Run(int n, object page)
                {
                    _page = page;
                }
            }

            class Nothing : Job
            {
                public override void Run(int n, object page) { }
            }

            class Logged : Nothing
            {
                public override void Run(int n, object page)
                {
                    base.Run(n, page);
                }
            }
            """);
        test.TestState.Sources.Add(("Worker.cs", "class Worker { void Work(IJob job, Map map) { job.Run(1); map.Run(n: 2); } }"));
        test.FixedState.Sources.Add(("Worker.cs", "class Worker { void Work(IJob job, Map map) { job.Run(1, Kmem.Get()); map.Run(n: 2, page: Kmem.Get()); } }"));
        return test.RunAsync();
    }

    [Fact]
    public Task Another_project_calls()
    {
        var test = Fix<LiftAllocationCodeFixProvider>.Test("class User { void M(Driver.Ring ring) => ring.Run(); }", "class User { void M(Driver.Ring ring) => ring.Run(Driver.Pool.Make()); }");
        test.CodeActionEquivalenceKey = "FenceSafety.LiftAllocation.PublicApi";
        test.CodeFixTestBehaviors = FenceSafety.Testing.CodeFixTestBehaviors.SkipFixAllCheck;
        test.TestState.Sources.RemoveAll(s => s.Path.EndsWith("Vocabulary.cs", StringComparison.Ordinal));
        var library = test.TestState.AdditionalProjects["Library"];
        const string Code = """
            namespace Driver;

            public static class Pool
            {
                [MayAllocate] public static object Make() => null;
            }

            public class Ring
            {
                object _page;

                [FenceCritical]
                public void Run() => _page = {|FENCE001:Pool.Make()|};
            }
            """;
        library.Sources.Add(("Usings2.cs", Vocabulary.Usings));
        library.Sources.Add(("Vocabulary2.cs", Vocabulary.Types));
        library.Sources.Add(("Ring.cs", Code));
        test.TestState.AdditionalProjectReferences.Add("Library");
        test.FixedState.AdditionalProjects["Library"].Sources.Add(
            ("Ring.cs", Code.Replace("Run()", "Run(object page)").Replace("{|FENCE001:Pool.Make()|}", "page")));
        return test.RunAsync();
    }

    [Fact]
    public Task Constructors_and_their_initialisers() => Code(
        """
        class Base
        {
            readonly object _page;

            [FenceCritical]
            protected Base(int n)
            {
                _page = {|FENCE001:Kmem.Get()|};
            }

            [FenceCritical]
            public Base() : this(1) { }
        }

        class Derived : Base
        {
            public Derived() : base(2) { }

            static Base Make() => new Base();

            static Base Target() => new();

            static Derived Two() => new Derived { };
        }
        """,
        """
        class Base
        {
            readonly object _page;

            [FenceCritical]
            protected Base(int n, object page)
            {
                _page = page;
            }

            [FenceCritical]
            public Base(object page) : this(1, page) { }
        }

        class Derived : Base
        {
            public Derived() : base(2, Kmem.Get()) { }

            static Base Make() => new Base(Kmem.Get());

            static Base Target() => new(Kmem.Get());

            static Derived Two() => new Derived { };
        }
        """);
}
