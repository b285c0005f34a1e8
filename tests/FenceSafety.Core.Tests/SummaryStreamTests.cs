using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Tests;

/// <summary>A summary that is read where it lies says the same as one that is read into memory, and reads next to nothing.</summary>
public sealed class SummaryStreamTests
{
    static readonly ClosedMember Safe = new(null, false, false, []);

    static byte[] File(IEnumerable<string> ids) => SummaryWriter.Write(
        new ExternalAssembly("Framework", Guid.Empty, "test", [.. ids.Select((id, i) => (Safe with { Managed = "kind" + i }).ToMember(id))], []));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(500)]
    [InlineData(3000)]
    public void Each_line_is_found_and_nothing_else(int count)
    {
        // Lines of many lengths, some much longer than what is read at a time.
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"M:N.T{i * 7919 % 10007}.m{new string('x', i * i % (i % 50 == 0 ? 3000 : 90))}(System.Int32)")];
        byte[] bytes = File(ids);
        var inMemory = SummaryFile.Open(bytes);
        var inPlace = SummaryStream.Open(new MemoryStream(bytes));

        foreach (string id in ids)
        {
            var found = inPlace.Find(id);
            Assert.NotNull(found);
            Assert.Equal(ClosedMember.Of(inMemory.Find(id, out _)!).Managed, ClosedMember.Of(found).Managed);
            Assert.Null(inPlace.Find(id + "x"));
            Assert.Null(inPlace.Find(id[..^1]));
        }
        foreach (string id in new[] { "", "A", "M:N", "\uffff", "T:\t\n" })
            Assert.Null(inPlace.Find(id));
    }

    [Fact]
    public void A_look_up_in_a_large_file_reads_a_few_pages()
    {
        byte[] bytes = File(Enumerable.Range(0, 60_000).Select(static i => $"M:System.Some.Namespace.Type{i % 3000}.Method{i}(System.Int32,System.String)"));
        var stream = new CountingStream(bytes);
        var summary = SummaryStream.Open(stream);
        Assert.NotNull(summary.Find("M:System.Some.Namespace.Type7.Method7(System.Int32,System.String)"));
        Assert.InRange(stream.BytesRead, 1, 100_000);
    }

    [Fact]
    public void Threads_may_ask_at_once()
    {
        string[] ids = [.. Enumerable.Range(0, 2000).Select(static i => $"M:T.Method{i}")];
        var summary = SummaryStream.Open(new MemoryStream(File(ids)));
        Parallel.For(0, ids.Length, i => Assert.Equal("kind" + i, ClosedMember.Of(summary.Find(ids[i])!).Managed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fencesum")]
    [InlineData("fencesum 99 a b c d e f\n")]
    public void What_is_no_summary_is_refused(string text) =>
        Assert.Throws<SummaryFormatException>(() => SummaryStream.Open(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void A_record_that_cannot_be_read_is_unknown()
    {
        string text = System.Text.Encoding.UTF8.GetString(File(["M:A.a", "M:A.b"])).Replace("M:A.a\tc", "M:A.a\tz", StringComparison.Ordinal);
        var summary = SummaryStream.Open(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Null(summary.Find("M:A.a"));
        Assert.NotNull(summary.Find("M:A.b"));
    }

    sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            BytesRead += read;
            return read;
        }
    }
}
