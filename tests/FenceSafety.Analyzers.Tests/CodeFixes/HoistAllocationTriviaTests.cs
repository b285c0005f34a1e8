namespace FenceSafety.Analyzers.Tests.CodeFixes;

/// <summary>Comments, directives, layout, names: what a person would keep.</summary>
public class HoistAllocationTriviaTests
{
    [Fact]
    public Task Comments_go_with_what_they_are_about() => Hoist.Member(
        """
            void M()
            {
                _ = _size;

                // The lock of the table.
                lock (_gate) // taken here
                {
                    // A page,
                    /* zeroed. */
                    var page = {|FENCE004:Kmem.Get()|}; // may sleep

                    // Publish it.
                    _page = page;
                }
            }
        """,
        """
            void M()
            {
                _ = _size;

                // A page,
                /* zeroed. */
                var page = Kmem.Get(); // may sleep
                // The lock of the table.
                lock (_gate) // taken here
                {
                    // Publish it.
                    _page = page;
                }
            }
        """);

    [Fact]
    public Task Directives_stay_where_they_are() => Hoist.Member(
        """
            void M()
            {
        #if DEBUG
                Console.Out.Flush();
        #endif
                // Locked.
                lock (_gate)
                    _page = {|FENCE004:Kmem.Get()|};
        #region Rest
                _ = _size;
        #endregion
            }
        """,
        """
            void M()
            {
        #if DEBUG
                Console.Out.Flush();
        #endif
                var page = Kmem.Get();
                // Locked.
                lock (_gate)
                    _page = page;
        #region Rest
                _ = _size;
        #endregion
            }
        """);

    [Fact]
    public Task One_line_and_embedded_statements() => Hoist.Member(
        """
            void OneLine() { lock (_gate) { _page = {|FENCE004:Kmem.Get()|}; } }

            void Embedded(bool wanted)
            {
                if (wanted)
                    lock (_gate)
                        {|FENCE004:Kmem.Get()|};
                _ = _size;
            }
        """,
        """
            void OneLine() { var page = Kmem.Get(); lock (_gate) { _page = page; } }

            void Embedded(bool wanted)
            {
                if (wanted)
                {
                    Kmem.Get();
                    lock (_gate)
                    {
                    }
                }
                _ = _size;
            }
        """);

    [Fact]
    public Task Several_lines_and_a_raw_string() => Hoist.Code(
        """"
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            object _page;

            [MayAllocate]
            static object Named(string name, int order) => name + order;

            void M()
            {
                lock (_gate)
                {
                    _page = {|FENCE004:Named(
                        """
                        two
                          lines
                        """,
                        1)|};
                }
            }
        }
        """",
        """"
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            object _page;

            [MayAllocate]
            static object Named(string name, int order) => name + order;

            void M()
            {
                var page = Named(
                    """
                        two
                          lines
                        """,
                    1);
                lock (_gate)
                {
                    _page = page;
                }
            }
        }
        """");

    [Fact]
    public Task A_name_that_is_taken() => Hoist.Member(
        """
            void M()
            {
                lock (_gate)
                {
                    var page = {|FENCE004:Kmem.Get()|};
                    _page = page;
                }

                lock (_gate)
                {
                    var page = {|FENCE004:Kmem.Get()|};
                    _page = page;
                }
            }
        """,
        """
            void M()
            {
                var page2 = Kmem.Get();
                lock (_gate)
                {
                    var page = page2;
                    _page = page;
                }

                var page3 = Kmem.Get();
                lock (_gate)
                {
                    var page = page3;
                    _page = page;
                }
            }
        """);

    [Fact]
    public Task Blank_lines_between_what_moves_and_line_ends_of_the_file() => Hoist.Code(
        Spaced("""
                    int size = _size * 2;

                    Sized(size);
        """).Replace("Sized(size);", "{|FENCE004:Sized(size)|};").ReplaceLineEndings("\r\n"),
        """
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly int _size = 1;

            [MayAllocate] static void Sized(int size) { }

            void M()
            {
                int size = _size * 2;
                Sized(size);
                lock (_gate)
                {
                }
            }
        }
        """.ReplaceLineEndings("\r\n"));

    static string Spaced(string body) => $$"""
        class C
        {
            [FenceSafeLock] readonly object _gate = new();
            readonly int _size = 1;

            [MayAllocate] static void Sized(int size) { }

            void M()
            {
                lock (_gate)
                {
        {{body}}
                }
            }
        }
        """;

    [Fact]
    public Task Tabs() => Hoist.Code(
        "class C\n{\n\t[FenceSafeLock] readonly object _gate = new();\n\n\tvoid M()\n\t{\n\t\tlock (_gate)\n\t\t\t{|FENCE004:Kmem.Get()|};\n\t}\n}\n",
        "class C\n{\n\t[FenceSafeLock] readonly object _gate = new();\n\n\tvoid M()\n\t{\n\t\tKmem.Get();\n\t\tlock (_gate)\n\t\t{\n\t\t}\n\t}\n}\n");

    [Fact]
    public Task A_comment_that_would_swallow_the_rest_of_the_line() => Hoist.Member(
        """
            void M() { lock (_gate) {
                    // A page.
                    {|FENCE004:Kmem.Get()|}; // may sleep
                    _count++;
            } }
        """);
}
