namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Fix All in document, project and solution ends where single fixes end; the harness compares them.</summary>
public class HoistAllocationFixAllTests
{
    const string Two = """
        class A
        {
            [FenceSafeLock] readonly object _gate = new();
            (object, object) _pair;

            void M()
            {
                lock (_gate)
                {
                    var first = {|FENCE004:Kmem.Get()|};
                    var second = {|FENCE004:Kmem.Get()|};
                    _pair = (first, second);
                }
            }
        }
        """;

    const string TwoFixed = """
        class A
        {
            [FenceSafeLock] readonly object _gate = new();
            (object, object) _pair;

            void M()
            {
                var first = Kmem.Get();
                var second = Kmem.Get();
                lock (_gate)
                {
                    _pair = (first, second);
                }
            }
        }
        """;

    [Fact]
    public Task Two_allocations_under_one_lock_keep_their_order() => Hoist.Code(Two, TwoFixed, applications: 2);

    [Fact]
    public Task Two_allocations_in_one_expression() => Hoist.Member(
        """
            void Use(object a, object b) { }

            void M()
            {
                lock (_gate)
                    Use({|FENCE004:Kmem.Get()|}, {|FENCE004:Kmem.Get()|});
            }
        """,
        """
            void Use(object a, object b) { }

            void M()
            {
                var a = Kmem.Get();
                var b = Kmem.Get();
                lock (_gate)
                    Use(a, b);
            }
        """,
        applications: 2);

    [Fact]
    public Task The_second_stays_where_a_failure_of_it_would_show_the_first() => Hoist.Member(
        """
            object _other;

            void M()
            {
                lock (_gate)
                {
                    _page = {|FENCE004:Kmem.Get()|};
                    _other = {|FENCE004:Kmem.Get()|};
                }
            }
        """,
        """
            object _other;

            void M()
            {
                var page = Kmem.Get();
                lock (_gate)
                {
                    _page = page;
                    _other = {|FENCE004:Kmem.Get()|};
                }
            }
        """);

    [Fact]
    public Task Several_documents_and_projects()
    {
        var test = Hoist.Test(Two, TwoFixed);
        test.TestState.Sources.Add(("Second.cs", Two.Replace("class A", "class B")));
        test.FixedState.Sources.Add(("Second.cs", TwoFixed.Replace("class A", "class B")));
        var library = test.TestState.AdditionalProjects["Library"];
        library.Sources.Add(("Usings2.cs", Vocabulary.Usings));
        library.Sources.Add(("Vocabulary2.cs", Vocabulary.Types));
        library.Sources.Add(("Third.cs", Two));
        test.FixedState.AdditionalProjects["Library"].Sources.Add(("Third.cs", TwoFixed));
        test.NumberOfIncrementalIterations = 6;
        return test.RunAsync();
    }

    [Fact]
    public Task Reports_that_cannot_be_fixed_are_left() => Hoist.Member(
        """
            void M()
            {
                lock (_gate)
                {
                    if (_count == 0)
                        {|FENCE004:Kmem.Get()|};
                    _count++;
                }

                lock (_gate)
                    {|FENCE004:Kmem.Get()|};
            }
        """,
        """
            void M()
            {
                lock (_gate)
                {
                    if (_count == 0)
                        {|FENCE004:Kmem.Get()|};
                    _count++;
                }

                Kmem.Get();
                lock (_gate)
                {
                }
            }
        """);
}
