namespace FenceSafety.Analyzers.Tests.References;

/// <summary>Type initialisers of a library: a static constructor runs at calls as well, field initialisers alone do not.</summary>
public sealed class InitialiserTests
{
    const string Table =
        """
        namespace Lib;

        public class Table
        {
            public static int Size = 1;

            static Table() => Kmem.Get();

            public static void Use() { }

            public static int Count { get; set; }

            public void Read() { }
        }

        public class Plain
        {
            static int Grown() { Kmem.Get(); return 1; }

            public static int Size = Grown();

            public static void Use() { }
        }
        """;

    static async Task Same(Assemblies libraries, string app)
    {
        var summaries = await libraries.WithSummaries(app);
        Assert.Equal(Assemblies.Marked(app), summaries.Select(static d => d[..d.IndexOf(':')]));
        Assert.Equal(await libraries.WithSource(app), summaries);
    }

    [Theory]
    [InlineData("Lib.Table.Use();")]
    [InlineData("Lib.Table.Count = 2;")]
    [InlineData("_ = Lib.Table.Size;")]
    [InlineData("_ = Lib.Plain.Size;")]
    public Task Runs_at_this_access(string access) => Same(
        new Assemblies().Add("Lib", Table),
        $$"""
        class C
        {
            [FenceCritical]
            void Run()
            {
                {{access}} // FENCE001
            }
        }
        """);

    [Fact]
    public Task Runs_where_an_object_is_made() => Same(
        new Assemblies().Add("Lib", Table),
        """
        class C
        {
            readonly object _gate = new();

            void Refill()
            {
                lock (_gate)
                    _ = new Lib.Table(); // FENCE004
            }

            [FenceCritical]
            void Run()
            {
                lock (_gate) { } // FENCE002
            }
        }
        """);

    [Theory]
    [InlineData("Lib.Plain.Use();")]
    [InlineData("table.Read();")]
    public Task Does_not_run_at_this_access(string access) => Same(
        new Assemblies().Add("Lib", Table),
        $$"""
        class C
        {
            [FenceCritical]
            void Run(Lib.Table table)
            {
                {{access}}
            }
        }
        """);

    [Fact]
    public Task Types_that_derive_have_it_run_before() => Same(
        new Assemblies().Add("Lib", Table),
        """
        class Wide : Lib.Table
        {
            [FenceCritical]
            static void Run() => Use();
        }
        """);

    const string Hooks =
        """
        namespace Lib;

        public static class Hooks
        {
            public static readonly Action Lambda = static () => Kmem.Get();
            public static readonly Action Calm = static () => { };
            public static Action Open = Refill;

            static void Refill() => Kmem.Get();
        }
        """;

    /// <summary>What a readonly static field of a library keeps is in the summary of its type's initialiser.</summary>
    [Theory]
    [InlineData("Lib.Hooks.Lambda(); // FENCE001")]
    [InlineData("Lib.Hooks.Calm();")]
    [InlineData("Lib.Hooks.Open(); // FENCE008")]
    public async Task A_delegate_in_a_field_of_a_library_is_what_the_field_was_given(string call)
    {
        string app = "class C\n{\n    [FenceCritical]\n    void Run()\n    {\n        " + call + "\n    }\n}\n";
        var found = await new Assemblies().Add("Lib", Hooks).WithSummaries(app);
        Assert.Equal(Assemblies.Marked(app), found.Select(static d => d[..d.IndexOf(':')]).Where(static d => !d.EndsWith("FENCE011", StringComparison.Ordinal)));
    }

    /// <summary>Whether a member of a library is an iterator or returns a query, it runs where it is enumerated.</summary>
    [Theory]
    [InlineData("Lib.Feed.Items()", true)]
    [InlineData("Lib.Feed.Query()", true)]
    [InlineData("Lib.Feed.Calm()", false)]
    public async Task A_sequence_of_a_library_runs_where_it_is_enumerated(string sequence, bool isReported)
    {
        string app = "class C\n{\n    static readonly object s_gate = new();\n\n    void Refill()\n    {\n        var all = " + sequence
            + ";\n        lock (s_gate)\n        {\n            foreach (int item in all) { }" + (isReported ? " // FENCE004" : "")
            + "\n        }\n    }\n\n    [FenceCritical]\n    void Run()\n    {\n        lock (s_gate) { }" + (isReported ? " // FENCE002" : "") + "\n    }\n}\n";
        var found = await new Assemblies().Add(
            "Lib",
            """
            namespace Lib;

            public static class Feed
            {
                static int One(int item) { Kmem.Get(); return item; }

                public static IEnumerable<int> Items() { Kmem.Get(); yield return 1; }

                public static IEnumerable<int> Query() => System.Linq.Enumerable.Select(new[] { 1 }, One);

                public static IEnumerable<int> Calm() => System.Linq.Enumerable.Where(new[] { 1 }, static i => i > 0);
            }
            """).WithSummaries(app);
        Assert.Equal(Assemblies.Marked(app), found.Select(static d => d[..d.IndexOf(':')]));
    }
}
