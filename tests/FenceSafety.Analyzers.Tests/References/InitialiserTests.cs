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
}
