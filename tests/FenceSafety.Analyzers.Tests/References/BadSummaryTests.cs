namespace FenceSafety.Analyzers.Tests.References;

/// <summary>A file that is no summary of what is referenced: one FENCE010 that names it, and its members are unknown.</summary>
public sealed class BadSummaryTests
{
    const string Library =
        """
        namespace Lib;

        public class Pool
        {
            public readonly object Gate = new();

            public void Refill()
            {
                lock (Gate)
                    Kmem.Get();
            }

            public void Kick() { }
        }
        """;

    const string App =
        """
        class C
        {
            [FenceCritical]
            void Run(Lib.Pool pool) => pool.Kick();
        }
        """;

    const string Unknown = "003 FENCE008: Cannot be verified in fence-critical code: Pool.Kick: C.Run → Pool.Kick";

    static readonly Assemblies Good = new Assemblies().Add("Lib", Library);

    static string Text => Good.Summaries[0].Text;

    [Fact]
    public async Task A_good_file_says_nothing_and_without_it_the_call_is_unknown()
    {
        Assert.Empty(await Good.WithSummaries(App));
        Assert.Equal([Unknown], await Good.WithFiles(App));
    }

    static async Task Refused(string text, string why)
    {
        var found = await Good.WithFiles(App, ("packages/Lib.fencesum", text));
        Assert.Equal(2, found.Count);
        Assert.Equal(Unknown, found[0]);
        Assert.StartsWith("packages/Lib.fencesum FENCE010: Lib.fencesum is not used as a summary: ", found[1]);
        Assert.Contains(why, found[1]);
    }

    [Fact]
    public Task Empty() => Refused("", "it is empty");

    [Fact]
    public Task Something_else() => Refused("M:Lib.Pool.Kick; AssumeFenceSafe; \"x\"\n", "it does not begin with 'fencesum'");

    [Fact]
    public Task Of_another_version() => Refused(Text.Replace("fencesum 2", "fencesum 3"), "format version '3', this analyzer reads version 2; make it again");

    [Fact]
    public Task Cut_off() => Refused(Text[..(Text.Length / 2)], "checksum");

    [Fact]
    public Task Changed() => Refused(Text.Replace("Kmem.Get", "Kmem.Put"), "checksum");

    [Fact]
    public Task Of_another_build()
    {
        int mvid = Text.IndexOf("mvid=", StringComparison.Ordinal) + 5;
        return Refused(Text[..mvid] + Guid.Empty + Text[(mvid + 36)..], "made from another build of Lib (module version 00000000-0000-0000-0000-000000000000) than the one that is referenced (");
    }

    [Fact]
    public async Task With_a_record_that_cannot_be_read()
    {
        await Refused(Seal(Text.Replace("M:Lib.Pool.Kick\tm ", "M:Lib.Pool.Kick\tm\u00a0")), "the record of M:Lib.Pool.Kick cannot be read: ");
        // Nobody asks for this one.
        Assert.Empty(await Good.WithFiles(App, ("Lib.fencesum", Seal(Text.Replace("M:Lib.Pool.Refill\tm ", "M:Lib.Pool.Refill\tm\u00a0")))));
    }

    [Fact]
    public async Task Twice()
    {
        var found = await Good.WithFiles(App, ("b/Lib.fencesum", Text), ("a/Lib.fencesum", Text));

        Assert.Equal(["b/Lib.fencesum FENCE010: Lib.fencesum is not used as a summary: Lib.fencesum speaks of Lib already; remove one of them"], found);
    }

    [Fact]
    public async Task A_file_of_another_assembly_is_nobodys_business() =>
        Assert.Equal([Unknown], await Good.WithFiles(App, ("Other.fencesum", new Assemblies().Add("Other", "public class O { public void M() { } }").Summaries[0].Text)));

    [Fact]
    public async Task An_annotation_file_counts_before_the_summary()
    {
        string app = App.Replace("Kick", "Refill");
        Assert.Equal(["003 FENCE001"], (await Good.WithSummaries(app)).Select(d => d[..12]));
        Assert.Empty(await Good.WithSummaries(app, ("Lib.fence.txt", "M:Lib.Pool.Refill; AssumeFenceSafe; \"reviewed\"")));
    }

    static string Seal(string text)
    {
        int end = text.IndexOf('\n'), hash = text.IndexOf("sha256=", StringComparison.Ordinal);
        byte[] rest = System.Text.Encoding.UTF8.GetBytes(text[(end + 1)..]);
        return text[..hash] + "sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(rest)) + text[end..];
    }
}
