using System.Collections.Immutable;
using System.Text;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Flow;
using FenceSafety.Core.Summaries;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Tests.Summaries;

/// <summary>What is written is read again, byte for byte and record for record; what is not right is refused with a reason.</summary>
public sealed class SummaryFileTests
{
    [Fact]
    public void Reads_what_was_written()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var assembly = new RandomSummary(seed).Assembly();
            byte[] bytes = SummaryWriter.Write(assembly);
            var file = SummaryFile.Open(bytes);

            Assert.Equal((assembly.Name, assembly.Mvid, assembly.Source), (file.Name, file.Mvid, file.Source));
            var members = assembly.Members.Select(m => Assert.IsType<ExternalMember>(file.Find(m.Id, out _))).ToList();
            foreach (var (written, read) in assembly.Members.Zip(members))
                AssertSame(written, read);
            var bodies = file.Bodies(out string? problem).ToDictionary(b => b.Id);
            Assert.Equal(assembly.Bodies.Length, bodies.Count);
            foreach (var written in assembly.Bodies)
                AssertSame(written, bodies[written.Id]);
            Assert.Null(problem);
            Assert.Equal(bytes, SummaryWriter.Write(assembly with { Members = [.. members], Bodies = [.. file.Bodies(out _)] }));
        }
    }

    static void AssertSame(ExternalMember written, ExternalMember read)
    {
        Assert.Equal((written.Id, written.Display, written.CallName), (read.Id, read.Display, read.CallName));
        Assert.Equal((written.HasBody, written.IsIterator, written.RunsAtCalls), (read.HasBody, read.IsIterator, read.RunsAtCalls));
        Assert.True(written.Signature.SameAs(read.Signature));
        Assert.True(written.Summary.SameAs(read.Summary));
        Assert.Equal(written.Implementations.ToList(), read.Implementations.ToList());
        Assert.True(written.Stores.SequenceEqual(read.Stores));
        foreach (var (a, b) in written.Summary.Reaches.Concat(written.Summary.Pendings.Select(p => p.Reach))
            .Zip(read.Summary.Reaches.Concat(read.Summary.Pendings.Select(p => p.Reach))))
        {
            Assert.Equal(a.Chain.Hops.Select(h => h.Name), b.Chain.Hops.Select(h => h.Name));
        }
        foreach (var (a, b) in written.Summary.Pendings.Zip(read.Summary.Pendings))
            Assert.Equal((a.Held.Lock, a.Held.Mode, a.Held.Api), (b.Held.Lock, b.Held.Mode, b.Held.Api));
    }

    static void AssertSame(ExternalBody written, ExternalBody read)
    {
        Assert.Equal(written.Display, read.Display);
        Assert.Equal(written.Via.ToHashSet(), read.Via.ToHashSet());
        Assert.Equal(written.Edges.Length, read.Edges.Length);
        foreach (var (a, b) in written.Edges.Zip(read.Edges))
        {
            Assert.Equal((a.From, a.To, a.Mode, a.Site, a.Critical, a.InReclaim), (b.From, b.To, b.Mode, b.Site, b.Critical, b.InReclaim));
            Assert.Equal(a.Gates.ToList(), b.Gates.ToList());
            Assert.True(a.Reach.SameAs(b.Reach));
        }
    }

    [Fact]
    public void Is_text_of_one_line_for_each_record()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var assembly = new RandomSummary(seed).Assembly();
            byte[] bytes = SummaryWriter.Write(assembly);
            string text = new UTF8Encoding(false, true).GetString(bytes);

            string header = text[..text.IndexOf('\n')];
            int texts = header.IndexOf(" texts=", StringComparison.Ordinal) is >= 0 and var at ? int.Parse(header[(at + 7)..header.IndexOf(" sha256=", StringComparison.Ordinal)], null) : 0;
            Assert.Equal(2 + assembly.Members.Length + assembly.Bodies.Length + texts, text.Count(c => c == '\n'));
            Assert.DoesNotContain(text, c => c != '\n' && c != '\t' && char.IsControl(c));
            // The compiler reads lines; what it takes for an end of line must not stand inside of one.
            Assert.DoesNotContain(text, c => c is '\u2028' or '\u2029');
        }
    }

    static readonly ExternalMember Refill = new(
        "M:Lib.Pool.Refill", "Pool.Refill", "Refill", Signature.Empty,
        new Summary([new Reach(new Sink.Effect(EffectKind.BlockingAllocation, "blocking"), [], [], false, new Chain(SourceSpan.None, "Kmem.Get", null))], []));

    static readonly ExternalAssembly Lib = new("Lib", new Guid("00112233-4455-6677-8899-aabbccddeeff"), "1.0", [Refill], []);

    [Fact]
    public void The_format_is_what_the_documentation_shows()
    {
        string text = Encoding.UTF8.GetString(SummaryWriter.Write(Lib));

        Assert.StartsWith("fencesum 2 Lib mvid=00112233-4455-6677-8899-aabbccddeeff source=1.0 members=1 edges=0 sha256=", text);
        Assert.EndsWith("\n0\nM:Lib.Pool.Refill\tm \"Refill\" \"Pool.Refill\" 0 0 0 0 0 0 0 1 e x a \"blocking\" 0 0 1 \"Kmem.Get\" 0\n", text);
    }

    [Fact]
    public void Finds_every_member_by_binary_search_and_nothing_else()
    {
        var members = Enumerable.Range(0, 500).Select(i => Refill with { Id = "M:Lib.T" + i * 7 % 500 + (i % 3 == 0 ? ".M(System.Int32)" : ".M") }).ToImmutableArray();
        var file = SummaryFile.Open(SummaryWriter.Write(Lib with { Members = members }));

        Assert.All(members, m => Assert.Equal(m.Id, file.Find(m.Id, out _)?.Id));
        Assert.All(members, m => Assert.Null(file.Find(m.Id + "x", out _)));
        Assert.All(members, m => Assert.Null(file.Find(m.Id[..^1], out _)));
        Assert.Null(file.Find("", out _));
        Assert.Null(file.Find("M:", out _));
        Assert.Null(file.Find("~", out _));
    }

    [Fact]
    public void A_long_chain_is_written_from_both_ends()
    {
        Chain? chain = null;
        for (int i = 10_000; i > 0; i--)
            chain = new Chain(SourceSpan.None, "M" + i, chain);
        var member = Refill with { Summary = new Summary([new Reach(new Sink.Effect(EffectKind.FenceWait, "fence"), [], [], false, chain!)], []) };
        var read = SummaryFile.Open(SummaryWriter.Write(Lib with { Members = [member] })).Find(Refill.Id, out _)!.Summary.Reaches[0].Chain;

        Assert.Equal(48, read.Length);
        Assert.Equal("M1", read.Name);
        Assert.Equal("M10000", read.Sink);
        Assert.Equal("… 9953 more …", read.Hops.ElementAt(24).Name);
    }

    static ExternalMember Calling(string id, string callee) => Refill with
    {
        Id = id,
        Summary = new Summary([new Reach(new Sink.Call(callee, RefSet.Empty, [], []), [], [], false, new Chain(SourceSpan.None, callee, null))], []),
    };

    /// <summary>Ids and hops repeat: in a large library they are nine tenths of a file.</summary>
    [Fact]
    public void A_long_text_that_repeats_is_a_number_in_records()
    {
        byte[] bytes = SummaryWriter.Write(Lib with { Members = [Calling("M:Lib.A", "M:Other.Kick\n"), Calling("M:Lib.B", "M:Other.Kick\n"), Calling("M:Lib.C", "M:Third.Kick")] });
        var file = SummaryFile.Open(bytes);

        Assert.Contains(" edges=0 texts=2 sha256=", Encoding.UTF8.GetString(bytes));
        Assert.EndsWith("\nM:Other.Kick\\u000a\nM:Third.Kick\n", Encoding.UTF8.GetString(bytes));
        Assert.Contains("e c ^0 - \"\" 0 0 0 0 0 1 ^0 0\n", Encoding.UTF8.GetString(bytes));
        Assert.Equal("M:Other.Kick\n", file.Find("M:Lib.A", out _)!.Summary.Reaches[0].Chain.Name);
        Assert.Equal(["M:Lib.A", "M:Lib.B"], file.Mentioning("M:Other.Kick\n"));
        Assert.Equal(["M:Lib.C"], file.Mentioning("M:Third.Kick"));
        Assert.Empty(file.Mentioning("M:Other.Kick"));
    }

    /// <summary>The number 1 is not found in 10 and 11.</summary>
    [Fact]
    public void Finds_the_members_that_mention_each_of_many()
    {
        var members = Enumerable.Range(0, 300).Select(i => Calling("M:Lib.M" + i, "M:Other.Member" + i / 3)).ToImmutableArray();
        var file = SummaryFile.Open(SummaryWriter.Write(Lib with { Members = members }));

        for (int i = 0; i < 100; i++)
            Assert.Equal(Enumerable.Range(i * 3, 3).Select(n => "M:Lib.M" + n).Order(StringComparer.Ordinal), file.Mentioning("M:Other.Member" + i));
    }

    [Theory]
    [InlineData("^0", "^2", "there is no text 2")]
    [InlineData("^0", "^-1", "the number of a text is wanted")]
    [InlineData("^0", "^", "the number of a text is wanted")]
    [InlineData("M:Third.Kick\n", "M:Third.K\\ck\n", null)]
    public void A_number_that_leads_nowhere_is_an_unknown_member_and_a_problem(string right, string wrong, string? message)
    {
        byte[] bytes = SummaryWriter.Write(Lib with { Members = [Calling("M:Lib.A", "M:Other.Kick"), Calling("M:Lib.B", "M:Third.Kick")] });
        var file = SummaryFile.Open(SummaryText.Seal(Encoding.UTF8.GetString(bytes).Replace(right, wrong)));

        Assert.Null(file.Find(message is null ? "M:Lib.B" : "M:Lib.A", out string? problem));
        Assert.Contains(message ?? "a backslash must be followed by", problem);
    }

    [Fact]
    public void Refuses_texts_that_are_not_sorted_or_not_there()
    {
        string good = Encoding.UTF8.GetString(SummaryWriter.Write(Lib with { Members = [Calling("M:Lib.A", "M:Other.Kick"), Calling("M:Lib.B", "M:Third.Kick")] }));

        Assert.Contains("texts are not sorted", Assert.Throws<SummaryFormatException>(() => SummaryFile.Open(SummaryText.Seal(good.Replace("M:Third.Kick\n", "A\n")))).Message);
        Assert.Contains("fewer lines", Assert.Throws<SummaryFormatException>(() => SummaryFile.Open(SummaryText.Seal(good.Replace("texts=2", "texts=3")))).Message);
        Assert.Contains("fewer lines", Assert.Throws<SummaryFormatException>(() => SummaryFile.Open(SummaryText.Seal(good.Replace("texts=2", "texts=2000000000")))).Message);
        Assert.Contains("more lines", Assert.Throws<SummaryFormatException>(() => SummaryFile.Open(SummaryText.Seal(good.Replace("texts=2", "texts=1")))).Message);
    }

    [Fact]
    public void Names_what_callers_must_be_read_for()
    {
        var held = new HeldOnReturn(RefSet.Of(Ref.Parameter(0)), LockMode.Monitor, "Enter", null, HandOver.Plain, -1);
        var enter = Refill with { Id = "M:Lib.Enter", CallName = "Enter", Signature = Signature.Empty with { Held = [held] } };
        var file = SummaryFile.Open(SummaryWriter.Write(Lib with { Members = [Refill, enter] }));

        Assert.Equal("Enter", Assert.Single(file.CallNames));
    }

    [Theory]
    [InlineData(null, false, false, "c - 0")]
    [InlineData("growth", false, false, "c \"growth\" 0")]
    [InlineData(null, true, false, "cw - 0")]
    [InlineData("linq", false, true, "cu \"linq\" 2 -1 1", -1, 1)]
    public void A_member_that_only_has_effects_is_a_few_words(string? managed, bool waits, bool callsBack, string record, params int[] invokes)
    {
        var closed = new ClosedMember(managed, waits, callsBack, [.. invokes]);
        byte[] bytes = SummaryWriter.Write(Lib with { Members = [closed.ToMember("M:A.B")] });
        var read = ClosedMember.Of(SummaryFile.OpenTrusted(bytes).Find("M:A.B", out _)!);

        Assert.EndsWith("\nM:A.B\t" + record + "\n", Encoding.UTF8.GetString(bytes));
        Assert.Equal((managed, waits, callsBack), (read.Managed, read.Waits, read.CallsBack));
        Assert.Equal(invokes, read.Invokes);
    }

    [Fact]
    public void Refuses_two_members_of_one_id() => Assert.Throws<ArgumentException>(() => SummaryWriter.Write(Lib with { Members = [Refill, Refill] }));

    [Fact]
    public void Refuses_to_write_what_is_inside_of_a_body()
    {
        var guard = Refill with { Signature = Signature.Empty with { Returns = RefSet.Of(Ref.Guard(3)) } };

        Assert.Throws<ArgumentException>(() => SummaryWriter.Write(Lib with { Members = [guard] }));
    }

    static string Refusal(string text) => Assert.Throws<SummaryFormatException>(() => SummaryFile.Open(Encoding.UTF8.GetBytes(text))).Message;

    [Fact]
    public void Says_what_is_wrong_with_a_file_and_what_would_be_right()
    {
        string good = Encoding.UTF8.GetString(SummaryWriter.Write(Lib));

        Assert.Contains("empty", Refusal(""));
        Assert.Contains("does not begin with 'fencesum'", Refusal("MZ\u0001\u0002"));
        Assert.Contains("does not begin with 'fencesum'", Refusal("# a comment\n"));
        Assert.Contains("format version '1', this analyzer reads version 2", Refusal(good.Replace("fencesum 2", "fencesum 1")));
        Assert.Contains("mvid is no GUID", Refusal(good.Replace("mvid=0", "mvid=x")));
        Assert.Contains("'mvid=' is wanted", Refusal(good.Replace("mvid=", "guid=")));
        Assert.Contains("is no count", Refusal(good.Replace("members=1", "members=-1")));
        Assert.Contains("checksum", Refusal(good.Replace("Kmem.Get", "Kmem.Put")));
        Assert.Contains("checksum", Refusal(good[..^1]));
        Assert.Contains("fewer lines", Refusal(good.Replace("members=1", "members=2")));
        Assert.Contains("more lines", Refusal(good.Replace("members=1", "members=0")));
        Assert.Contains("header is not", Refusal(good.Replace("members=1 ", "")));
    }

    [Fact]
    public void Refuses_a_file_that_is_too_large_before_it_looks_at_it() =>
        Assert.Contains("more than the", Assert.Throws<SummaryFormatException>(() => SummaryFile.Open(new byte[(64 << 20) + 1])).Message);

    [Fact]
    public void A_record_that_cannot_be_read_is_an_unknown_member_and_a_problem()
    {
        string good = Encoding.UTF8.GetString(SummaryWriter.Write(Lib with { Members = [Refill, Refill with { Id = "M:Lib.Pool.Take" }] }));
        var file = SummaryFile.Open(SummaryText.Seal(good.Replace("M:Lib.Pool.Refill\tm ", "M:Lib.Pool.Refill\tq ")));

        Assert.NotNull(file.Find("M:Lib.Pool.Take", out string? problem));
        Assert.Null(problem);
        Assert.Null(file.Find("M:Lib.Pool.Refill", out problem));
        Assert.Equal("the record of M:Lib.Pool.Refill cannot be read: 'm', 'a' or 'c' is wanted, not 'q'", problem);
    }

    [Fact]
    public void Finds_the_members_that_mention_another()
    {
        var call = new Sink.Call("M:Other.\"Kick", RefSet.Empty, [], []);
        var caller = Refill with { Id = "M:Lib.A", Summary = new Summary([new Reach(call, [], [], false, new Chain(SourceSpan.None, "Kick", null))], []) };
        var file = SummaryFile.Open(SummaryWriter.Write(Lib with { Members = [caller, Refill] }));

        Assert.Equal(["M:Lib.A"], file.Mentioning("M:Other.\"Kick"));
        Assert.Empty(file.Mentioning("M:Other"));
    }
}
