using FenceSafety.CodeFixes.LiftAllocation;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Code that is easily broken by a changed signature.</summary>
public class LiftAllocationAwkwardTests
{
    static Task Code(string code, string? fixedCode = null, int? applications = null) => LiftAllocationTests.Code(code, fixedCode, applications);

    [Fact]
    public Task Comments_and_lists_over_several_lines() => Code(
        """
        class Ring
        {
            object _page;

            void Submit()
            {
                Run(
                    1, // first
                    2);
            }

            [FenceCritical]
            void Run(
                int a,
                int b)
            {
                // Backs the ring.
                var page = {|FENCE001:Kmem.Get()|}; // may block
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
                Run(
                    1, // first
                    2,
                    Kmem.Get());
            }

            [FenceCritical]
            void Run(
                int a,
                int b,
                object page)
            {
                // Backs the ring.
                // may block
                _page = page;
            }
        }
        """);

    [Fact]
    public Task Optional_and_named_arguments() => Code(
        """
        class Ring
        {
            object _page;

            void Submit()
            {
                Run(1);
                Run(1, 2);
                Run(1, c: 3);
                Run(b: 2, a: 1);
            }

            [FenceCritical]
            void Run(int a, int b = 0, int c = 0) => _page = {|FENCE001:Kmem.Get()|};
        }
        """,
        """
        class Ring
        {
            object _page;

            void Submit()
            {
                Run(1, Kmem.Get());
                Run(1, b: 2, page: Kmem.Get());
                Run(1, c: 3, page: Kmem.Get());
                Run(b: 2, a: 1, page: Kmem.Get());
            }

            [FenceCritical]
            void Run(int a, object page, int b = 0, int c = 0) => _page = page;
        }
        """);

    [Fact]
    public Task Extension_methods_static_members_and_type_names() => Code(
        """
        namespace Memory
        {
            static class Pools
            {
                [MayAllocate] internal static object Make() => null;

                internal static void Submit(Ring ring) => ring.Run();

                [FenceCritical]
                internal static void Run(this Ring ring) => ring.Page = {|FENCE001:Make()|};
            }

            class Ring
            {
                internal object Page;
            }
        }

        namespace Users
        {
            using Memory;

            class User
            {
                void M(Ring ring)
                {
                    ring.Run();
                    Pools.Run(ring);
                }
            }
        }
        """,
        """
        namespace Memory
        {
            static class Pools
            {
                [MayAllocate] internal static object Make() => null;

                internal static void Submit(Ring ring) => ring.Run(Make());

                [FenceCritical]
                internal static void Run(this Ring ring, object page) => ring.Page = page;
            }

            class Ring
            {
                internal object Page;
            }
        }

        namespace Users
        {
            using Memory;

            class User
            {
                void M(Ring ring)
                {
                    ring.Run(Pools.Make());
                    Pools.Run(ring, Pools.Make());
                }
            }
        }
        """);

    [Fact]
    public Task Generics() => Code(
        """
        class Slot<T> where T : class, new()
        {
            T _value;

            [FenceCritical]
            internal void Fill() => _value = {|FENCE011:new T()|};

            [FenceCritical]
            internal static U[] Pair<U>(U a)
            {
                var pair = {|FENCE011:new U[2]|};
                pair[0] = a;
                return pair;
            }
        }

        class User
        {
            void M(Slot<Node> slot)
            {
                slot.Fill();
                Slot<Node>.Pair(1);
            }
        }
        """,
        """
        class Slot<T> where T : class, new()
        {
            T _value;

            [FenceCritical]
            internal void Fill(T value) => _value = value;

            [FenceCritical]
            internal static U[] Pair<U>(U a, U[] pair)
            {
                pair[0] = a;
                return pair;
            }
        }

        class User
        {
            void M(Slot<Node> slot)
            {
                slot.Fill(new Node());
                Slot<Node>.Pair(1, new int[2]);
            }
        }
        """,
        applications: 2);

    [Fact]
    public Task Async_partial_and_local_functions() => Twice(
        """
        partial class Ring
        {
            object _page;

            [MayAllocate] static Task<object> MakeAsync() => null;

            [FenceCritical]
            partial void Part();

            partial void Part() => _page = {|FENCE001:Kmem.Get()|};

            [FenceCritical]
            async Task {|FENCE011:RunAsync|}()
            {
                _page = {|FENCE003:await {|FENCE001:MakeAsync()|}|};
                {|FENCE003:await Task.Yield()|};
            }

            async Task SubmitAsync(int n)
            {
                Part();
                await RunAsync();
                Local();

                [FenceCritical]
                void Local()
                {
                    _page = {|FENCE011:new int[n]|};
                }
            }
        }
        """,
        """
        partial class Ring
        {
            object _page;

            [MayAllocate] static Task<object> MakeAsync() => null;

            [FenceCritical]
            partial void Part(object page);

            partial void Part(object page) => _page = page;

            [FenceCritical]
            async Task {|FENCE011:RunAsync|}(object page)
            {
                _page = page;
                {|FENCE003:await Task.Yield()|};
            }

            async Task SubmitAsync(int n)
            {
                Part(Kmem.Get());
                await RunAsync(await MakeAsync());
                Local(new int[n]);

                [FenceCritical]
                void Local(int[] page)
                {
                    _page = page;
                }
            }
        }
        """);

    [Fact]
    public Task Receivers_and_locals_are_put_in() => Code(
        """
        class Pool
        {
            [MayAllocate] internal object Make(int size) => null;
        }

        class Ring
        {
            internal readonly Pool Memory = new();
            readonly int _shift = 2;
            object _page;

            void Own(int n) => Run(n);

            static void Other(Ring ring) => ring.Run(3 + 1);

            [FenceCritical]
            internal void Run(int pages)
            {
                int size = pages << _shift;
                _page = {|FENCE001:Memory.Make(size)|};
            }
        }
        """,
        """
        class Pool
        {
            [MayAllocate] internal object Make(int size) => null;
        }

        class Ring
        {
            internal readonly Pool Memory = new();
            readonly int _shift = 2;
            object _page;

            void Own(int n) => Run(n, Memory.Make(n << _shift));

            static void Other(Ring ring) => ring.Run(3 + 1, ring.Memory.Make((3 + 1) << ring._shift));

            [FenceCritical]
            internal void Run(int pages, object page)
            {
                int size = pages << _shift;
                _page = page;
            }
        }
        """);

    [Fact]
    public Task Boxing_strings_and_nullable_annotations() => Code(
        """
        #nullable enable
        class Ring
        {
            object? _last;
            string? _name;

            void Submit(int n, string s)
            {
                Note(n);
                Name(s);
            }

            [FenceCritical]
            void Note(int n) => _last = {|FENCE011:n|};

            [FenceCritical]
            void Name(string s) => _name = {|FENCE011:s + "x"|};
        }
        """,
        """
        #nullable enable
        class Ring
        {
            object? _last;
            string? _name;

            void Submit(int n, string s)
            {
                Note(n, n);
                Name(s, s + "x");
            }

            [FenceCritical]
            void Note(int n, object last) => _last = last;

            [FenceCritical]
            void Name(string s, string name) => _name = name;
        }
        """,
        applications: 2);

    [Fact]
    public Task Out_of_a_lock_too() => Code(
        """
        class Ring
        {
            readonly object _gate = new();
            object _page;

            void Submit() => Run();

            [FenceCritical]
            void Run()
            {
                lock (_gate)
                {
                    _page = {|FENCE011:new Node()|};
                }
            }
        }
        """,
        """
        class Ring
        {
            readonly object _gate = new();
            object _page;

            void Submit() => Run(new Node());

            [FenceCritical]
            void Run(object page)
            {
                lock (_gate)
                {
                    _page = page;
                }
            }
        }
        """.Replace("Run(object page)", "Run(Node page)"));

    /// <summary>Fix All takes one rule at a time.</summary>
    static Task Twice(string code, string fixedCode)
    {
        var test = Fix<LiftAllocationCodeFixProvider>.Test(code, fixedCode);
        test.NumberOfFixAllIterations = 2;
        return test.RunAsync();
    }
}
