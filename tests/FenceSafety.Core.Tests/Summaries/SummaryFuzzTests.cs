using System.Diagnostics;
using System.Text;
using FenceSafety.Core.Facts;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Core.Tests.Summaries;

/// <summary>
/// 10,000 summary files that were changed in every way that a fixed seed comes up with: each is refused with a reason, or read; nothing
/// crashes, hangs or takes memory out of proportion, and what was read does not harm the analysis.
/// </summary>
public sealed class SummaryFuzzTests
{
    const int Inputs = 10_000;

    [Fact]
    public void No_input_harms_the_reader()
    {
        var random = new Random(20261121);
        var originals = Enumerable.Range(0, 40).Select(seed => SummaryWriter.Write(new RandomSummary(seed + 5000).Assembly())).ToList();
        int opened = 0, refused = 0, broken = 0, read = 0;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Inputs; i++)
        {
            byte[] bytes = Mutate(originals[random.Next(originals.Count)], random);
            // Three in four have the right checksum again, or nothing behind it would ever be met.
            if (random.Next(4) != 0)
                bytes = Seal(bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = SummaryFile.Open(bytes);
                opened++;
                var app = new FakeProgram().WithAllocator().Declare("Run", c => c with { Critical = true });
                var calls = new List<Op>();
                foreach (string id in Ids(bytes))
                {
                    var member = file.Find(id, out string? problem);
                    Assert.False(member is not null && problem is not null);
                    broken += problem is null ? 0 : 1;
                    if (member is null)
                        continue;
                    read++;
                    app.Reference(member);
                    calls.Add(app.Call(id));
                }
                app.References.AddRange(file.Bodies(out _));
                _ = file.Mentioning("M:Lib.Pool.Refill").Count();
                if (i % 25 == 0)
                    _ = app.Body("Run", [.. calls, app.Take(FakeProgram.Lock("a"))]).Findings();
            }
            catch (SummaryFormatException e)
            {
                Assert.False(string.IsNullOrWhiteSpace(e.Message));
                Assert.True(e.Message.Length < 400, e.Message);
                refused++;
            }
            if (i % 25 != 0)
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200 * bytes.Length + 1_000_000);
        }
        // The mutations reach every part of the reader.
        Assert.True(opened > 500 && refused > 2000 && broken > 500 && read > 500, $"{opened} opened, {refused} refused, {broken} records broken, {read} read");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void References_as_deep_as_a_line_are_refused_and_not_followed()
    {
        string deep = string.Concat(Enumerable.Repeat("E ", 1_000_000)) + "U";
        string good = Encoding.UTF8.GetString(SummaryWriter.Write(new ExternalAssembly("Lib", Guid.Empty, "", [], [])));
        string text = good.Replace("members=0", "members=1") + "M:A\tm \"A\" \"A\" 0 0 1 " + deep + " 0 1 " + deep + " 0 0 0 0\n";
        var file = SummaryFile.Open(SummaryText.Seal(text));

        Assert.Null(file.Find("M:A", out string? problem));
        Assert.Contains("nested too deeply", problem);
    }

    [Fact]
    public void A_count_does_not_make_the_reader_take_memory()
    {
        string good = Encoding.UTF8.GetString(SummaryWriter.Write(new ExternalAssembly("Lib", Guid.Empty, "", [], [])));
        var file = SummaryFile.Open(SummaryText.Seal(good.Replace("members=0", "members=1") + "M:A\tm \"A\" \"A\" 2000000000\n"));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(file.Find("M:A", out string? problem));
        Assert.Contains("longer than its line", problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (int n = random.Next(1, 6); n > 0 && bytes.Count > 0; n--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)" \t\n\"\\-^0123456789emxPFEDC"[random.Next(25)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, random.Next(Math.Min(bytes.Count - at, 50)));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 0).Concat(bytes.Skip(random.Next(bytes.Count)).Take(50)).ToList());
                    break;
                case 5:
                    bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 0);
                    break;
                case 6:
                    // Another number, often a great one.
                    int digit = bytes.FindIndex(at, b => b is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0)
                        bytes.InsertRange(digit, Encoding.UTF8.GetBytes(new[] { "9", "99999999999999999999", "-", "2147483647", "00" }[random.Next(5)]));
                    break;
                case 7:
                    // Another word of the format.
                    int space = bytes.IndexOf((byte)' ', at);
                    if (space >= 0 && space + 1 < bytes.Count)
                        bytes[space + 1] = (byte)"mabekxtifpcSPRFEYDCUO-"[random.Next(22)];
                    break;
                default:
                    bytes.InsertRange(at, "\\ud800"u8.ToArray());
                    break;
            }
        }
        return [.. bytes];
    }

    static byte[] Seal(byte[] bytes)
    {
        int end = Array.IndexOf(bytes, (byte)'\n');
        int hash = bytes.AsSpan().IndexOf("sha256="u8);
        if (end < 0 || hash < 0 || hash + 71 > end)
            return bytes;
        byte[] digits = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(end + 1))));
        digits.CopyTo(bytes, hash + 7);
        return bytes;
    }

    static IEnumerable<string> Ids(byte[] bytes)
    {
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n').Skip(2))
        {
            int tab = line.IndexOf('\t');
            string? id = null;
            try
            {
                int at = 0;
                id = tab > 0 ? SummaryFormat.Unescape(line[..tab], ref at, null) : null;
            }
            catch (SummaryFormatException)
            {
            }
            if (id is not null)
                yield return id;
        }
    }
}
