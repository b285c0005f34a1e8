using FenceSafety.Testing;
using Microsoft.CodeAnalysis;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>What cannot be verified: never silent, never guessed.</summary>
public class FENCE008Tests
{
    [Fact]
    public Task Reports_a_method_without_a_body_as_a_suggestion() => Verify.Async(
        """
        using System.Runtime.InteropServices;

        class C
        {
            [DllImport("gpu")] static extern int Peek();

            void Helper() => Peek();

            [FenceCritical]
            void Run() => {|#0:Helper()|};
        }
        """,
        Verify.At0("FENCE008", "C.Peek", "C.Run → C.Helper").WithSeverity(DiagnosticSeverity.Info));

    [Fact]
    public Task Reports_a_local_function_without_a_body() => Verify.Async(
        """
        using System.Runtime.InteropServices;

        class C
        {
            [FenceCritical]
            void Run()
            {
                {|FENCE008:Peek()|};
                Poke();

                [DllImport("gpu")] static extern int Peek();
                [AssumeFenceSafe("writes one register"), DllImport("gpu")] static extern int Poke();
            }
        }
        """);

    [Fact]
    public Task Silent_on_one_that_is_declared() => Verify.Async(
        """
        using System.Runtime.InteropServices;

        class C
        {
            [AssumeFenceSafe("reads one register"), DllImport("gpu")] static extern int Peek();

            [FenceCritical, DllImport("gpu")] static extern int Poke();

            [FenceCritical]
            int Run() => Peek() + Poke();
        }
        """);

    [Fact]
    public Task Silent_outside_critical_code() => Verify.Async(
        """
        public class C
        {
            public Action Changed;

            public void Poke() => Changed?.Invoke();
        }
        """);

    [Fact]
    public Task Reports_a_delegate_from_outside() => Verify.Async(
        """
        public class C
        {
            [FenceCritical]
            public void Run(Action step) => {|FENCE008:step()|};
        }
        """);

    [Fact]
    public Task Silent_on_a_delegate_with_a_contract_or_a_known_value() => Verify.Async(
        """
        [FenceCritical] public delegate void Step();

        public class C
        {
            readonly Action _known = static () => { };

            [FenceCritical]
            public void Run([FenceCritical] Action step, Step next)
            {
                step();
                next();
                _known();
            }
        }
        """);

    [Fact]
    public Task Reports_an_open_interface_without_an_implementation() => Verify.Async(
        """
        public interface IBackend
        {
            void Go();
        }

        public abstract class Backend
        {
            public abstract void Go();
        }

        public class C
        {
            [FenceCritical]
            public void Run(IBackend i, Backend b)
            {
                {|FENCE008:i.Go()|};
                {|FENCE008:b.Go()|};
            }
        }
        """);

    [Fact]
    public Task Silent_on_one_with_a_contract_or_a_visible_implementation() => Verify.Async(
        """
        public interface IBackend
        {
            void Go();

            [FenceCritical]
            void Run();
        }

        public sealed class Quiet : IBackend
        {
            public void Go() { }

            public void Run() { }
        }

        public class C
        {
            [FenceCritical]
            public void Run(IBackend backend)
            {
                backend.Go();
                backend.Run();
            }
        }
        """);

    [Fact]
    public Task Reports_an_unknown_call_under_a_fence_safe_lock() => Verify.Async(
        """
        public class C
        {
            [FenceSafeLock] readonly object _gate = new();
            public Action Changed;

            public void Poke()
            {
                lock (_gate)
                    {|FENCE008:Changed()|};
                Changed();
            }
        }
        """);

    [Fact]
    public Task Reports_a_member_of_the_framework_and_not_every_implementation_of_it() => Verify.Async(
        """
        sealed class Greedy : IDisposable
        {
            public void Dispose() => Kmem.Get();
        }

        public class C
        {
            [FenceCritical]
            public void Run(IDisposable any) => {|FENCE008:any.Dispose()|};
        }
        """);

    [Fact]
    public Task Silent_when_unknown_calls_are_ignored() => new FenceTest(
        """
        public class C
        {
            [FenceCritical]
            public void Run(Action step) => step();
        }
        """).WithOption("fence_safety.unknown_calls", "ignore").RunAsync();

    [Fact]
    public Task Reports_an_unannotated_assembly_without_a_summary() => new FenceTest(
        """
        class C
        {
            [FenceCritical]
            void Run() => {|FENCE008:Pool.Refill()|};
        }
        """).WithLibrary(
        """
        public static class Pool
        {
            public static void Refill() => Kmem.Get();
        }
        """,
        ProjectReferenceKind.MetadataImage).RunAsync();

    [Fact]
    public Task Silent_on_framework_calls_that_are_known() => Verify.Async(
        """
        class C
        {
            int _n;

            [FenceCritical]
            int Run(Span<int> span)
            {
                Interlocked.Increment(ref _n);
                return Math.Max(Volatile.Read(ref _n), span.Length);
            }
        }
        """);

    [Fact]
    public Task Silent_where_critical_code_produces_and_consumes_a_value_that_must_be_consumed() => Verify.Async(
        """
        [MustConsume]
        sealed class Token
        {
        }

        static class Tokens
        {
            static readonly Token s_token = new();

            [FenceCritical]
            public static Token Take() => s_token;

            [FenceCritical]
            public static void Give([Consumes] Token token)
            {
            }
        }

        class C
        {
            [FenceCritical]
            void Run()
            {
                Token token = Tokens.Take();
                Tokens.Give(token);
            }
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_is_an_element_of_a_tuple() => Verify.Async(
        """
        class C
        {
            readonly object _gate = new();

            [FenceCritical]
            void Run()
            {
                var pair = (Gate: _gate, Count: 1);
                lock ({|FENCE008:pair.Gate|}) { }
            }
        }
        """);

    static FenceTest Value(string type, string expression, string more = "") => new FenceTest(
        $$"""
        {{more}}
        enum Kind { A }
        class C
        {
            [FenceCritical]
            object Run({{type}} v) => {{expression}};
        }
        """).WithOption("fence_safety.managed_allocations", "ignore");

    [Theory]
    [InlineData("object", "\"a\" + {|FENCE008:v|}")]
    [InlineData("object", "$\"{{|FENCE008:v|}}\"")]
    [InlineData("IComparable<int>", "$\"{{|FENCE008:v|}}\"")]
    [InlineData("object", "{|FENCE008:EqualityComparer<object>.Default.Equals(v, v)|}")]
    [InlineData("IEqualityComparer<int>", "{|FENCE008:v.Equals(1, 2)|}")]
    public Task Reports_what_asks_an_object_that_nobody_knows(string type, string expression) => Value(type, expression).RunAsync();

    [Theory]
    [InlineData("int", "\"a\" + v")]
    [InlineData("string", "$\"{v}{v}\"")]
    [InlineData("Guid", "$\"{v}\"")]
    [InlineData("Kind", "$\"{v}\"")]
    [InlineData("int", "EqualityComparer<int>.Default.Equals(v, v) && Comparer<int>.Default.Compare(v, v) > 0")]
    [InlineData("string", "EqualityComparer<string>.Default.Equals(v, v)")]
    [InlineData("Kind", "EqualityComparer<Kind>.Default.GetHashCode(v)")]
    [InlineData("(int, string)", "EqualityComparer<(int, string)>.Default.Equals(v, v)")]
    public Task Silent_on_what_asks_a_value_of_the_framework(string type, string expression) => Value(type, expression).RunAsync();

    [Theory]
    [InlineData("$\"{{|FENCE001:v|}}\"")]
    [InlineData("{|FENCE001:EqualityComparer<Loud>.Default.Equals(v, v)|}")]
    [InlineData("{|FENCE001:Generic.Same(v, v)|}")]
    [InlineData("{|FENCE001:Generic.Text(v)|}")]
    public Task Follows_what_asks_a_type_of_the_users(string expression) => Value("Loud", expression, Types).RunAsync();

    [Theory]
    [InlineData("$\"{v}\"")]
    [InlineData("EqualityComparer<Mute>.Default.Equals(v, v)")]
    [InlineData("Generic.Same(v, v)")]
    [InlineData("Generic.Text(v)")]
    public Task Silent_on_what_asks_a_type_that_does_nothing(string expression) => Value("Mute", expression, Types).RunAsync();

    const string Types = """
        sealed class Loud : IEquatable<Loud>
        {
            public bool Equals(Loud other) => Kmem.Get() is null;
            public override bool Equals(object other) => Kmem.Get() is null;
            public override int GetHashCode() => 1;
            public override string ToString() => Kmem.Get() is null ? "" : "a";
        }
        sealed class Mute { }
        static class Generic
        {
            public static bool Same<T>(T a, T b) => EqualityComparer<T>.Default.Equals(a, b);
            public static string Text<T>(T a) => $"{a}";
        }
        """;
}
