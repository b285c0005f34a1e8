namespace FenceSafety.Analyzers.Tests.References;

/// <summary>
/// A delegate type of a library with a contract: whoever hands a lambda or a method group to a member of a library that takes one need not
/// name the type, nor anything else that is annotated.
/// </summary>
public sealed class ConversionTests
{
    static readonly string s_library =
        """
        namespace Lib;

        [FenceCritical]
        public delegate void Signal();

        public delegate void Plain();

        public class Ring
        {
            public static void Run(Signal signal) => signal();

            public static void RunPlain(Plain plain) => plain();

            public static void Make(Ring ring) { }

            public Ring(Signal signal) => Kept = signal;

            public Signal Kept;

            public Signal Again { get; set; }
        }
        """;

    static async Task Marked(Assemblies libraries, string app, params (string Path, string Text)[] files)
    {
        var found = await libraries.WithSummaries(app, files);
        Assert.Equal(Assemblies.Marked(app), found.Select(static d => d[..d.IndexOf(':')]));
    }

    static string Converts(string conversion) =>
        $$"""
        static class C
        {
            static void Fill() => Kmem.Get();

            public static void Go(this Lib.Ring ring)
            {
                {{conversion}}
                Kmem.Get();
            }
        }
        """;

    [Theory]
    [InlineData("Lib.Ring.Run(() => { Kmem.Get(); }); // FENCE001")]
    [InlineData("Lib.Ring.Run(Fill); // FENCE009")]
    [InlineData("_ = new Lib.Ring(() => { Kmem.Get(); }); // FENCE001")]
    [InlineData("Lib.Ring.Make(new(() => { Kmem.Get(); })); // FENCE001")]
    [InlineData("ring.Kept = () => { Kmem.Get(); }; // FENCE001")]
    [InlineData("ring.Again = Fill; // FENCE009")]
    public Task Reports_what_is_handed_to_a_library(string conversion) => Marked(new Assemblies().Add("Lib", s_library), Converts(conversion));

    [Theory]
    [InlineData("Lib.Ring.RunPlain(() => { Kmem.Get(); });")]
    [InlineData("Lib.Ring.RunPlain(Fill);")]
    [InlineData("Lib.Ring.Run(() => { });")]
    [InlineData("ring.Kept = null;")]
    public Task Silent_without_a_contract_or_an_effect(string conversion) => Marked(new Assemblies().Add("Lib", s_library), Converts(conversion));

    /// <summary>A library in between that has no annotation of its own.</summary>
    [Fact]
    public Task Reports_what_is_handed_to_a_library_that_only_passes_it_on() => Marked(
        new Assemblies().Add("Lib", s_library).Add(
            "Mid",
            """
            namespace Mid;

            public static class Runner
            {
                public static void Start(Lib.Signal signal) => Lib.Ring.Run(signal);
            }
            """),
        """
        class C
        {
            static void Fill() => Kmem.Get();

            void Go()
            {
                Mid.Runner.Start(Fill); // FENCE009
            }
        }
        """);

    [Fact]
    public Task Reports_where_a_file_gives_the_contract() => Marked(
        new Assemblies().Add("Lib", s_library),
        """
        class C
        {
            static void Fill() => Kmem.Get();

            void Go()
            {
                Lib.Ring.RunPlain(Fill); // FENCE009
            }
        }
        """,
        ("lib.fence.txt", "T:Lib.Plain; FenceCritical"));
}
