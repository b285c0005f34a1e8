using FenceSafety.CodeFixes.RetryAllocation;

namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Where looking twice would be another program, or would not help, the fix is not offered.</summary>
public class RetryAllocationRefusedTests
{
    static Task Member(string member) => Fix<RetryAllocationCodeFixProvider>.Member(member);

    [Theory]
    [InlineData("{|FENCE004:Kmem.Get()|};")]
    [InlineData("_page = {|FENCE004:Kmem.Get()|};")]
    [InlineData("_count++; if (_page == null) _page = {|FENCE004:Kmem.Get()|};")]
    [InlineData("while (_page == null) _page = {|FENCE004:Kmem.Get()|};")]
    [InlineData("foreach (var _ in _list) { if (_page == null) _page = {|FENCE004:Kmem.Get()|}; }")]
    [InlineData("try { if (_page == null) _page = {|FENCE004:Kmem.Get()|}; } catch (OutOfMemoryException) { _count = 0; }")]
    [InlineData("if (Next() > 0) _page = {|FENCE004:Kmem.Get()|};")]
    [InlineData("if (_page == null) _page = {|FENCE004:OfField()|};")]
    [InlineData("if (_page == null) {|FENCE004:Kmem.Get()|};")]
    [InlineData("n++; if (_page == null) _page = {|FENCE004:Kmem.Get()|};")]
    [InlineData("if (_page == null) _page = {|FENCE004:Of(_page)|};")]
    [InlineData("if (_page == null) { _page = {|FENCE004:Kmem.Get()|}; goto done; } done: _count++;")]
    public Task Is_not_offered(string body) => Member($$"""
            readonly List<int> _list = new();

            [MayAllocate] object OfField() => _page;

            [MayAllocate] static object Of(object page) => page;

            int Next() => _count++;

            void M(int n)
            {
                lock (_gate)
                {
                    {{body}}
                }
            }
        """);

    [Fact]
    public Task Is_not_offered_where_a_jump_would_meet_the_loop() => Member(
        """
            void M()
            {
                for (int i = 0; i < 3; i++)
                {
                    lock (_gate)
                    {
                        if (_count == i)
                            continue;
                        if (_page == null)
                            _page = {|FENCE004:Kmem.Get()|};
                    }
                }
            }
        """);
}
