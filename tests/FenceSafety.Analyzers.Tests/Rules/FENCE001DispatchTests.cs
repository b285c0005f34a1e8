namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Calls that the source does not spell as calls, and which body a call means.</summary>
public class FENCE001DispatchTests
{
    [Fact]
    public Task Reports_on_the_branch_of_an_unknown_boolean() => Verify.Async(
        """
        class C
        {
            static bool Look() => DateTime.UtcNow.Ticks > 0;

            [FenceCritical]
            void Run(bool any)
            {
                bool found = false;
                if (any)
                    found = Look();
                if (found)
                    {|FENCE001:Kmem.Get()|};
            }
        }
        """);

    [Fact]
    public Task Reports_the_collection_of_a_foreach() => Verify.Async(
        """
        class C
        {
            static readonly int[] s_all = new int[2];

            static int[] Make()
            {
                Kmem.Get();
                return s_all;
            }

            [FenceCritical]
            int Run()
            {
                int sum = 0;
                foreach (int x in {|FENCE001:Make()|})
                    sum += x;
                return sum;
            }
        }
        """);

    [Fact]
    public Task Reports_the_body_of_an_iterator_that_is_looped_over() => Verify.Async(
        """
        class C
        {
            static IEnumerable<int> Each()
            {
                Kmem.Get();
                yield return 1;
            }

            [FenceCritical]
            int Run()
            {
                int sum = 0;
                foreach (int x in {|FENCE001:{|FENCE011:Each()|}|})
                    sum += x;
                return sum;
            }
        }
        """);

    [Fact]
    public Task Reports_the_setter_of_a_coalescing_assignment() => Verify.Async(
        """
        class C
        {
            object _page;

            object Page
            {
                get => _page;
                set
                {
                    Kmem.Get();
                    _page = value;
                }
            }

            [FenceCritical]
            void Run(object page)
            {
                {|FENCE001:Page|} ??= page;
            }
        }
        """);

    [Fact]
    public Task Reports_the_override_behind_a_method_group() => Verify.Async(
        """
        class Step
        {
            public virtual void Go() { }
        }

        sealed class Slow : Step
        {
            public override void Go() => Kmem.Get();
        }

        class C
        {
            readonly Action _go;

            C(Step step) { _go = step.Go; }

            [FenceCritical]
            void Run() => {|FENCE001:_go()|};
        }
        """);

    [Fact]
    public Task Silent_on_the_other_construction_of_an_interface() => Verify.Async(
        """
        interface IHandle<T>
        {
            void Handle(T item);
        }

        sealed class Both : IHandle<int>, IHandle<string>
        {
            public void Handle(int item) { }

            public void Handle(string item) => Kmem.Get();
        }

        class C
        {
            [FenceCritical]
            void Numbers(IHandle<int> handler) => handler.Handle(1);

            [FenceCritical]
            void Names(IHandle<string> handler) => {|FENCE001:handler.Handle("a")|};
        }
        """);

    [Fact]
    public Task Reports_the_equality_of_what_a_record_is_made_of() => Verify.Async(
        """
        sealed class Name : IEquatable<Name>
        {
            public bool Equals(Name other)
            {
                Kmem.Get();
                return true;
            }

            public override bool Equals(object other) => Equals(other as Name);

            public override int GetHashCode() => 0;
        }

        sealed record Key(Name Name);

        class C
        {
            [FenceCritical]
            bool Run(Key a, Key b) => {|FENCE001:a == b|};
        }
        """);

    [Fact]
    public Task Silent_on_the_equality_of_a_record_of_numbers() => Verify.Async(
        """
        sealed record Key(int Value);

        class C
        {
            [FenceCritical]
            bool Run(Key a, Key b) => a == b;
        }
        """);

    [Fact]
    public Task Reports_the_equality_that_a_record_writes_itself() => Verify.Async(
        """
        sealed record Key(int Value)
        {
            public bool Equals(Key other)
            {
                Kmem.Get();
                return true;
            }

            public override int GetHashCode() => Value;
        }

        class C
        {
            [FenceCritical]
            bool Run(Key a, Key b) => {|FENCE001:a == b|};
        }
        """);

    [Fact]
    public Task Reports_the_slice_of_a_list_pattern() => Verify.Async(
        """
        sealed class Pages
        {
            public int Length => 2;

            public int this[int i] => i;

            public Pages Slice(int start, int length)
            {
                Kmem.Get();
                return this;
            }
        }

        class C
        {
            [FenceCritical]
            bool Run(Pages pages) => pages is [1, {|FENCE001:.. var rest|}];
        }
        """);

    [Fact]
    public Task Silent_on_a_list_pattern_that_slices_nothing_off() => Verify.Async(
        """
        sealed class Pages
        {
            public int Length => 2;

            public int this[int i] => i;

            public Pages Slice(int start, int length)
            {
                Kmem.Get();
                return this;
            }
        }

        class C
        {
            [FenceCritical]
            bool Run(Pages pages) => pages is [1, ..];
        }
        """);

    [Fact]
    public Task Reports_before_a_throw_that_the_same_body_catches() => Verify.Async(
        """
        class C
        {
            static readonly Exception s_full = new();

            [FenceCritical]
            void Run()
            {
                {|FENCE001:Kmem.Get()|};
                try
                {
                    throw s_full;
                }
                catch (Exception)
                {
                }
            }
        }
        """);

    [Fact]
    public Task Silent_before_a_throw_that_nobody_catches() => Verify.Async(
        """
        class C
        {
            static readonly Exception s_full = new();

            [FenceCritical]
            void Run(bool full)
            {
                if (full)
                {
                    Kmem.Get();
                    throw s_full;
                }
            }
        }
        """);

    [Fact]
    public Task Reports_a_static_method_that_runs_the_static_constructor() => Verify.Async(
        """
        static class Registry
        {
            static readonly object s_page;

            static Registry() { s_page = Kmem.Get(); }

            public static void Touch() { }
        }

        class C
        {
            [FenceCritical]
            void Run() => {|FENCE001:Registry.Touch()|};
        }
        """);

    [Fact]
    public Task Missed_a_static_method_of_a_type_whose_field_initialiser_allocates() => Verify.Async(
        """
        static class Registry
        {
            static readonly object s_page = Kmem.Get();

            public static void Touch() { }
        }

        class C
        {
            [FenceCritical]
            void Run() => Registry.Touch();
        }
        """);

    [Fact]
    public Task Reports_a_static_field_that_triggers_the_initialiser_of_its_type() => Verify.Async(
        """
        static class Registry
        {
            public static readonly object Page;

            static Registry() { Page = Kmem.Get(); }
        }

        class C
        {
            [FenceCritical]
            object Run() => {|FENCE001:Registry.Page|};
        }
        """);

    [Theory]
    [InlineData("v is []")]
    [InlineData("v is [_, ..]")]
    [InlineData("v is [..]")]
    [InlineData("v is { Count: 3 }")]
    public Task Silent_on_a_list_pattern_that_asks_no_element(string test) => ListPattern(test).RunAsync();

    [Theory]
    [InlineData("{|FENCE001:v is [1, ..]|}")]
    [InlineData("{|FENCE001:v is [.., var last]|}")]
    public Task Reports_a_list_pattern_that_asks_for_elements(string test)
        => ListPattern(test.Replace("{|FENCE001:v is ", "v is {|FENCE001:", StringComparison.Ordinal)).RunAsync();

    static FenceTest ListPattern(string test) => new(
        $$"""
        class Pages
        {
            public int Count => 3;
            public int this[int i] { get { Kmem.Get(); return i; } }
        }

        class C
        {
            [FenceCritical]
            bool Run(Pages v) => {{test}};
        }
        """);

    [Theory]
    [InlineData("{|FENCE001:Registry.Changed|} += null;", "static Registry() => Kmem.Get();")]
    [InlineData("{|FENCE001:Registry.Asked|} += null;", "static Registry() => Kmem.Get();")]
    [InlineData("{|FENCE001:Registry.Changed|} += null;", "static readonly object s_page = Kmem.Get();")]
    [InlineData("Registry.Asked += null;", "static readonly int s_count = 3;")]
    public Task A_static_event_runs_the_initialiser_of_its_type(string statement, string initialiser) => new FenceTest(
        $$"""
        static class Registry
        {
            {{initialiser}}
            public static event Action Changed;
            public static event Action Asked { add { } remove { } }
        }

        class C
        {
            [FenceCritical]
            void Run() { {{statement}} }
        }
        """).WithOption("fence_safety.managed_allocations", "ignore").RunAsync();

    /// <summary>A critical body answers for itself: its type parameter may be any type that can be seen.</summary>
    [Theory]
    [InlineData("{|FENCE001:work.Do()|}", "internal", "Kmem.Get()")]
    [InlineData("work.Do()", "internal", "Kmem.Get(Gfp.High)")]
    [InlineData("{|FENCE001:work.Do()|}", "public", "Kmem.Get()")]
    public Task A_member_of_a_type_parameter_is_that_of_every_type(string call, string visible, string does) => Verify.Async(
        $$"""
        {{visible}} interface IWork { void Do(); }
        struct Work : IWork { public void Do() => {{does}}; }

        class Worker<T>(T work) where T : IWork
        {
            readonly T work = work;

            [FenceCritical]
            void Run() => {{call}};
        }

        class C
        {
            [FenceCritical]
            static void Run<T>(T work) where T : IWork => {{call}};
        }
        """);

    [Theory]
    [InlineData("IWork")]
    [InlineData("IDisposable")]
    public Task A_member_of_a_type_parameter_that_nobody_implements_is_unknown(string type) => Verify.Async(
        $$"""
        public interface IWork { void Dispose(); }

        class C
        {
            [FenceCritical]
            static void Run<T>(T work) where T : {{type}} => {|FENCE008:work.Dispose()|};
        }
        """);

    /// <summary>A virtual call on <c>this</c> is every implementation, whoever the caller's object is.</summary>
    [Fact]
    public Task FalsePositive_an_inherited_member_calls_what_the_sealed_type_overrides() => Verify.Async(
        """
        abstract class Base
        {
            public void Run() => Step();
            protected abstract void Step();
        }

        sealed class Quiet : Base { protected override void Step() { } }
        sealed class Loud : Base { protected override void Step() => Kmem.Get(); }

        class C
        {
            [FenceCritical]
            void Run(Quiet quiet) => {|FENCE001:quiet.Run()|};
        }
        """);
}
