namespace FenceSafety.Analyzers.Tests.Rules;

/// <summary>Calling an iterator makes an object; whoever enumerates that runs the body.</summary>
public class FENCE001IteratorTests
{
    const string Iterators = """

        static class Pages
        {
            public static IEnumerable<int> Walk()
            {
                Kmem.Get();
                yield return 1;
            }

            public static IEnumerable<int> Again() => Walk();

            public static IEnumerator<int> Cursor()
            {
                Kmem.Get();
                yield return 1;
            }

            public static async IAsyncEnumerable<int> Stream()
            {
                Kmem.Get();
                await Task.CompletedTask;
                yield return 1;
            }

            public static int Sum(IEnumerable<int> numbers)
            {
                int sum = 0;
                foreach (int n in numbers)
                    sum += n;
                return sum;
            }

            public static IEnumerable<int> Keep(IEnumerable<int> numbers) => numbers;
        }
        """;

    [Theory]
    [InlineData("foreach (var p in {|#0:Pages.Walk()|}) { }")]
    [InlineData("var walk = Pages.Walk(); foreach (var p in {|#0:walk|}) { }")]
    [InlineData("foreach (var p in {|#0:Pages.Again()|}) { }")]
    [InlineData("var walk = Pages.Walk(); {|#0:Pages.Sum(walk)|};")]
    [InlineData("var walk = Pages.Walk(); _ = {|#0:System.Linq.Enumerable.ToList(walk)|};")]
    [InlineData("var walk = Pages.Walk(); int[] all = [{|#0:.. walk|}];")]
    [InlineData("var cursor = Pages.Cursor(); {|#0:cursor.MoveNext()|};")]
    public Task Reports_where_an_iterator_is_enumerated(string code) => Test(Critical(code)).Expecting(Verify.At0("FENCE001", "Kmem.Get")).RunAsync();

    [Theory]
    [InlineData("var walk = Pages.Walk();")]
    [InlineData("_ = Pages.Keep(Pages.Walk());")]
    [InlineData("foreach (var n in new[] { 1 }) { }")]
    [InlineData("_ = Pages.Sum(new[] { 1 });")]
    public Task Silent_where_it_is_only_made(string code) => Test(Critical(code)).RunAsync();

    [Fact]
    public Task Missed_an_iterator_that_a_field_keeps() => Test(
        """
        class C
        {
            readonly IEnumerable<int> _walk = Pages.Walk();

            [FenceCritical]
            void Run()
            {
                foreach (var p in _walk) { }
            }
        }
        """ + Iterators).RunAsync();

    /// <summary>The objects themselves, FENCE011, are not what is asked here.</summary>
    static FenceTest Test(string code) =>
        new FenceTest(code).WithOption("fence_safety.managed_allocations", "ignore");

    static string Critical(string code) =>
        """
        class C
        {
            [FenceCritical]
            void Run()
            {

        """ + code + "\n    }\n}\n" + Iterators;
}
