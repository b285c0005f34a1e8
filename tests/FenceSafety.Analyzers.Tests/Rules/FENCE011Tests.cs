namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Managed allocations in fence-critical code.</summary>
public class FENCE011Tests
{
    [Fact]
    public Task Reports_creation_behind_calls() => Verify.Async(
        """
        class C
        {
            Node A() => B();

            Node B() => new Node();

            [FenceCritical]
            void Run() => {|#0:A()|};
        }
        """,
        Verify.At0("FENCE011", "C.Run → C.A → C.B"));

    [Fact]
    public Task Reports_objects_and_arrays() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            void Run(int n)
            {
                var a = {|FENCE011:new Node()|};
                var b = {|FENCE011:new int[n]|};
                var c = {|FENCE011:new { n }|};
                int[] d = {|FENCE011:[n]|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_what_lives_on_the_stack() => Verify.Async(
        """
        readonly record struct Point(int X, int Y);

        class C
        {
            [FenceCritical]
            int Run(int n)
            {
                var p = new Point(n, n);
                var q = p with { X = 1 };
                Span<int> s = stackalloc int[4];
                ReadOnlySpan<byte> constant = [1, 2, 3];
                int[] none = [];
                return q.X + s.Length + constant.Length + none.Length;
            }
        }
        """);

    [Fact]
    public Task Reports_boxing() => Verify.Async(
        """
        interface IThing { }

        struct Thing : IThing { }

        class C
        {
            object _o;
            IThing _i;

            [FenceCritical]
            void Run(int n, Thing t)
            {
                _o = {|FENCE011:n|};
                _i = {|FENCE011:t|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_a_constrained_call() => Verify.Async(
        """
        interface IThing
        {
            int Get();
        }

        struct Thing : IThing
        {
            public int Get() => 1;
        }

        class C
        {
            static int Call<T>(T t) where T : IThing => t.Get();

            [FenceCritical]
            int Run(Thing t) => Call(t);
        }
        """);

    [Fact]
    public Task Reports_strings() => Verify.Async(
        """
        class C
        {
            [FenceCritical]
            string Concat(string s) => {|FENCE011:s + "x"|};

            [FenceCritical]
            string Interpolate(string s) => {|FENCE011:$"{s}x{s}"|};
        }
        """);

    [Fact]
    public Task Silent_on_constant_strings() => Verify.Async(
        """
        class C
        {
            const string Name = "a" + "b";

            [FenceCritical]
            string Run() => $"{Name}c" + Name;
        }
        """);

    [Fact]
    public Task Reports_a_collection_that_may_grow() => Verify.Async(
        """
        class C
        {
            readonly List<int> _list = new(64);

            [FenceCritical]
            void Run() => {|#0:_list.Add(1)|};
        }
        """,
        Verify.At0("FENCE011", "Add"));

    [Fact]
    public Task Silent_on_reading_a_collection() => Verify.Async(
        """
        class C
        {
            readonly List<int> _list = new();
            readonly Dictionary<int, int> _map = new();

            [FenceCritical]
            int Run()
            {
                int sum = _list.Count;
                foreach (int n in _list)
                    sum += n;
                _map.TryGetValue(1, out int found);
                _list[0] = found;
                return sum;
            }
        }
        """);

    [Fact]
    public Task Silent_on_growth_when_it_is_ignored() => new FenceTest(
        """
        class C
        {
            readonly List<int> _list = new();
            Node _node;

            [FenceCritical]
            void Run()
            {
                _list.Add(1);
                _node = {|FENCE011:new Node()|};
            }
        }
        """).WithOption("fence_safety.collection_growth", "ignore").RunAsync();

    [Fact]
    public Task Silent_when_managed_allocations_are_ignored() => new FenceTest(
        """
        class C
        {
            Node _node;

            [FenceCritical]
            void Run()
            {
                _node = new Node();
                {|FENCE001:Kmem.Get()|};
            }
        }
        """).WithOption("fence_safety.managed_allocations", "ignore").RunAsync();

    [Fact]
    public Task Silent_on_static_lambdas_and_called_local_functions() => Verify.Async(
        """
        class C
        {
            static int Twice(int n) => n + n;

            [FenceCritical]
            int Run(int n)
            {
                Func<int, int> a = static x => x;
                Func<int, int> b = Twice;
                int Local() => n + 1;
                return a(1) + b(2) + Local();
            }
        }
        """);

    [Fact]
    public Task Reports_an_instance_method_group() => Verify.Async(
        """
        class C
        {
            int M() => 1;

            [FenceCritical]
            Func<int> Run() => {|FENCE011:M|};
        }
        """);

    [Fact]
    public Task Reports_calling_an_iterator_and_looping_over_an_interface() => Verify.Async(
        """
        class C
        {
            static IEnumerable<int> Numbers()
            {
                yield return 1;
            }

            [FenceCritical]
            void Run(IEnumerable<int> numbers)
            {
                var later = {|FENCE011:Numbers()|};
                foreach (int n in {|FENCE011:numbers|}) { }
            }
        }
        """);

    [Fact]
    public Task Silent_on_taking_a_lock() => Verify.Async(
        """
        class C
        {
            readonly object _monitor = new();
            readonly Lock _lock = new();

            [FenceCritical]
            void Run()
            {
                lock (_monitor) { }

                lock (_lock) { }
            }
        }
        """);

    [Fact]
    public Task FalsePositive_a_method_group_of_a_generic_method_forgets_the_type_argument() => Verify.Async(
        """
        struct Entry
        {
            public int Value;
        }

        class C
        {
            static readonly Func<Entry> s_make = Make<Entry>;

            static T Make<T>() where T : new() => new T();

            [FenceCritical]
            void Run() => {|#0:s_make()|};
        }
        """,
        Verify.At0("FENCE011", "new !!0"));

    [Fact]
    public Task Silent_on_a_call_of_the_same_method() => Verify.Async(
        """
        struct Entry
        {
            public int Value;
        }

        class C
        {
            static T Make<T>() where T : new() => new T();

            [FenceCritical]
            void Run() => Make<Entry>();
        }
        """);

    [Theory]
    [InlineData("List l = [1, 2];")]
    [InlineData("List l = [n, n];")]
    [InlineData("List l = {|FENCE011:[n, .. all]|};")]
    [InlineData("Fresh l = {|FENCE011:[n]|};")]
    public Task A_builder_of_the_users_is_given_a_span(string statement) => Verify.Async(
        $$"""
        using System.Runtime.CompilerServices;

        class C
        {
            [FenceCritical]
            void Run(int n, int[] all) { {{statement}} }
        }

        [CollectionBuilder(typeof(Builder), "Shared")]
        abstract class List : IEnumerable<int>
        {
            public abstract IEnumerator<int> GetEnumerator();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }

        [CollectionBuilder(typeof(Builder), "New")]
        sealed class Fresh : List
        {
            public override IEnumerator<int> GetEnumerator() => null;
        }

        static class Builder
        {
            public static List Shared(ReadOnlySpan<int> items) => null;
            public static Fresh New(ReadOnlySpan<int> items) => new();
        }
        """);
}
