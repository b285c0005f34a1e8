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
}
