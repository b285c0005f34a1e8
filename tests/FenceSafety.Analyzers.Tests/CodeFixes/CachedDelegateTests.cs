using FenceSafety.CodeFixes.CachedDelegate;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Delegates that are made once.</summary>
public class CachedDelegateTests
{
    static Task Code(string code, string? fixedCode = null, int? applications = null) =>
        Fix<CachedDelegateCodeFixProvider>.Code(code, fixedCode, applications);

    [Fact]
    public Task A_method_group_is_kept_by_the_constructors() => Code(
        """
        class C
        {
            readonly int _size;
            Action<int> _handler;

            public C(int size)
            {
                _size = size;
            }

            public C() : this(1) { }

            protected C(string s)
            {
            }

            void OnDone(int n) { }

            [FenceCritical]
            void Run()
            {
                _handler = {|FENCE011:OnDone|};
            }
        }
        """,
        """
        class C
        {
            readonly int _size;
            Action<int> _handler;
            readonly Action<int> _onDone;

            public C(int size)
            {
                _onDone = OnDone;
                _size = size;
            }

            public C() : this(1) { }

            protected C(string s)
            {
                _onDone = OnDone;
            }

            void OnDone(int n) { }

            [FenceCritical]
            void Run()
            {
                _handler = _onDone;
            }
        }
        """);

    [Fact]
    public Task A_lambda_that_uses_this_and_a_type_without_a_constructor() => Code(
        """
        class C<T>
        {
            T _value;
            Func<T> _get;

            // Keeps what is given.
            [FenceCritical]
            void Run() => _get = {|FENCE011:() => _value|};

            [FenceCritical]
            void Again() => _get = {|FENCE011:new Func<T>(this.Get)|};

            T Get() => _value;
        }
        """,
        """
        class C<T>
        {
            T _value;
            Func<T> _get;
            readonly Func<T> _get2;
            readonly Func<T> _get3;

            public C()
            {
                _get3 = this.Get;
                _get2 = () => _value;
            }

            // Keeps what is given.
            [FenceCritical]
            void Run() => _get = _get2;

            [FenceCritical]
            void Again() => _get = _get3;

            T Get() => _value;
        }
        """,
        applications: 2);

    [Fact]
    public Task A_static_method_before_the_language_keeps_it_by_itself()
    {
        var test = Fix<CachedDelegateCodeFixProvider>.Test(
            """
            class C
            {
                Action _handler;

                static void OnDone() { }

                [FenceCritical]
                void Run() => _handler = {|FENCE011:C.OnDone|};
            }
            """,
            """
            class C
            {
                Action _handler;
                static readonly Action _onDone = C.OnDone;

                static void OnDone() { }

                [FenceCritical]
                void Run() => _handler = _onDone;
            }
            """);
        test.Options.LanguageVersion = Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp10;
        return test.RunAsync();
    }

    [Theory]
    [InlineData("class C", "_handler = {|FENCE011:_other.OnDone|};")]
    [InlineData("struct C", "this = default; _handler = {|FENCE011:OnDone|};")]
    [InlineData("record C(int Size)", "_handler = {|FENCE011:OnDone|};")]
    public Task Is_not_offered(string type, string body) => Code($$"""
        {{type}}
        {
            static readonly Other _other = new();
            Action<int> _handler;

            void OnDone(int n) { }

            [FenceCritical]
            void Run(int n)
            {
                {{body}}
            }
        }

        class Other
        {
            internal void OnDone(int n) { }
        }
        """);

    [Fact]
    public Task Not_where_a_parameter_is_captured() => Code(
        """
        class C
        {
            Action<int> _handler;

            [FenceCritical]
            void Run(int n) {|FENCE011:=>|} _handler = {|FENCE011:k => n = k|};
        }
        """);

    [Fact]
    public async Task The_program_prints_the_same() => Assert.Equal(2, await FixedProgram.PrintsTheSameAsync(
        """
        class Ring
        {
            int _count;
            public Action<int> Handler;

            public int Count => _count;

            void Add(int n) => _count += n;

            [FenceCritical]
            public void Run(bool twice) => Handler = twice ? n => _count += 2 * n : Add;
        }

        static class P
        {
            public static string Run()
            {
                var ring = new Ring();
                ring.Run(true);
                ring.Handler(2);
                ring.Run(false);
                ring.Handler(3);
                return ring.Count.ToString();
            }
        }
        """,
        new CachedDelegateCodeFixProvider()));
}
