using FenceSafety.Testing;

namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>
/// Queries of the framework do their work when they are enumerated. Where one is made it counts as run, since nobody knows who will; where
/// it is enumerated under more than that it counts again.
/// </summary>
public class QueryTests
{
    static Task Test(string members) => Verify.Async("using System.Linq;\n\nclass C\n{\n    readonly object _gate = new();\n    readonly int[] _items = { 1 };\n\n"
        + "    static int One(int item) { Kmem.Get(); return item; }\n\n    static int Calm(int item) => item;\n\n" + members + "\n}\n");

    [Theory]
    [InlineData("foreach (int item in {|FENCE004:query|}) { }")]
    [InlineData("_ = {|FENCE004:query.ToList()|};")]
    [InlineData("_ = {|FENCE004:query.Sum()|};")]
    [InlineData("_ = {|FENCE004:new List<int>(query)|};")]
    [InlineData("int[] all = [{|FENCE004:.. query|}];")]
    [InlineData("var more = {|FENCE004:query.Where(i => i > 0)|};")]
    public Task Runs_where_it_is_enumerated(string use) => Test(
        $$"""
            void Refill()
            {
                var query = _items.Select(One);
                lock (_gate)
                {
                    {{use}}
                }
            }

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_gate|}) { }
            }
        """);

    [Theory]
    [InlineData("var query = _items.Select(Calm);")]
    [InlineData("var query = _items.Where(i => i > 0).OrderBy(Calm);")]
    [InlineData("var query = from item in _items where item > 0 select Calm(item);")]
    [InlineData("var query = _items.Select(One).ToList();")]
    public Task Silent_where_it_does_nothing(string made) => Test(
        $$"""
            void Refill()
            {
                {{made}}
                lock (_gate)
                {
                    foreach (int item in query) { }
                }
            }

            [FenceCritical]
            void Run()
            {
                lock (_gate) { }
            }
        """);

    [Theory]
    [InlineData("_items.Select(One)")]
    [InlineData("_items.Where(i => One(i) > 0).OrderBy(Calm)")]
    [InlineData("from item in _items where item > 0 select One(item)")]
    [InlineData("Pages().Where(i => i > 0)")]
    [InlineData("Made()")]
    public Task Runs_in_a_region_what_was_made_before(string made) => Test(
        $$"""
            static IEnumerable<int> Pages() { Kmem.Get(); yield return 1; }

            static IEnumerable<int> Made() => new[] { 1 }.Select(One);

            void Run()
            {
                var query = {{made}};
                using (Fence.BeginSignalling())
                {
                    foreach (int item in {|FENCE011:{|FENCE001:query|}|}) { }
                }
            }
        """);

    [Fact]
    public Task A_query_that_is_passed_on_runs_where_the_callee_enumerates_it() => Test(
        """
            void Walk(IEnumerable<int> query)
            {
                lock (_gate)
                {
                    foreach (int item in {|FENCE004:query|}) { }
                }
            }

            void Refill() => Walk(_items.Select(One));

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_gate|}) { }
            }
        """);

    /// <summary>One report where it is made, and none where it is enumerated under the same.</summary>
    [Fact]
    public Task Said_once_where_it_is_made_and_enumerated_under_the_same_lock() => Test(
        """
            void Refill()
            {
                lock (_gate)
                {
                    var query = {|FENCE004:_items.Select(One)|};
                    foreach (int item in query) { }
                }
            }

            [FenceCritical]
            void Run()
            {
                lock ({|FENCE002:_gate|}) { }
            }
        """);
}
