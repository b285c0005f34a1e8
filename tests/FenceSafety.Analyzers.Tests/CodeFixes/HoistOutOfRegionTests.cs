namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Out of a critical region that the same body begins.</summary>
public class HoistOutOfRegionTests
{
    [Fact]
    public Task Of_a_using_statement() => Hoist.Member(
        """
            void M(int n)
            {
                using (Fence.BeginSignalling())
                {
                    // Scratch.
                    var scratch = {|FENCE011:new int[n]|};
                    scratch[0] = n;
                    _count += scratch[0];
                }
            }
        """,
        """
            void M(int n)
            {
                // Scratch.
                var scratch = new int[n];
                using (Fence.BeginSignalling())
                {
                    scratch[0] = n;
                    _count += scratch[0];
                }
            }
        """);

    [Fact]
    public Task Of_a_using_declaration() => Hoist.Member(
        """
            void N()
            {
                using var signalling = Fence.BeginSignalling();
                _page = {|FENCE001:Kmem.Get()|};
            }
        """,
        """
            void N()
            {
                var page = Kmem.Get();
                using var signalling = Fence.BeginSignalling();
                _page = page;
            }
        """);

    [Fact]
    public Task Of_a_begin_with_an_end_and_of_a_lock_in_it() => Hoist.Member(
        """
            void M()
            {
                bool cookie = Fence.Begin();
                try
                {
                    lock (_plain)
                    {
                        _page = {|FENCE001:Kmem.Get()|};
                    }
                }
                finally
                {
                    Fence.End(cookie);
                }
            }
        """,
        """
            void M()
            {
                var page = Kmem.Get();
                bool cookie = Fence.Begin();
                try
                {
                    lock (_plain)
                    {
                        _page = page;
                    }
                }
                finally
                {
                    Fence.End(cookie);
                }
            }
        """);

    [Theory]
    [InlineData("using (Fence.BeginSignalling()) { _count++; _page = {|FENCE001:Kmem.Get()|}; }")]
    [InlineData("using (Fence.BeginSignalling()) { if (_count > 0) _page = {|FENCE001:Kmem.Get()|}; }")]
    [InlineData("using (var signalling = Fence.BeginSignalling()) { lock (_gate) { _count++; _page = {|FENCE001:Kmem.Get()|}; } }")]
    public Task Is_not_offered(string body) => Hoist.Member("    void M()\n    {\n        " + body + "\n    }\n");

    [Fact]
    public Task A_lock_in_a_critical_method_is_no_way_out() => Hoist.Member(
        """
            [FenceCritical]
            void M()
            {
                lock (_plain)
                {
                    _page = {|FENCE001:Kmem.Get()|};
                }
            }
        """);
}
