using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FenceSafety.Core.Summaries.External;

/// <summary>Writes summary files: equal input makes equal bytes.</summary>
public static class SummaryWriter
{
    /// <summary>The whole file.</summary>
    /// <exception cref="ArgumentException">Two members or two bodies have one id, or a body is reached through what is no member.</exception>
    public static byte[] Write(ExternalAssembly assembly)
    {
        var members = Sorted(assembly.Members, static m => m.Id);
        var bodies = Sorted(assembly.Bodies, static b => b.Id);
        var lines = members.Select(static (m, i) => (m.Value.Id, i)).ToDictionary(static p => p.Id, static p => p.i, StringComparer.Ordinal);

        using var rest = new MemoryStream();
        var names = new RecordWriter();
        var concerning = members.Where(static m => m.Value.ConcernsCallers).Select(static m => m.Value.CallName)
            .Where(static n => n.Length > 0).Distinct().OrderBy(static n => n, StringComparer.Ordinal).ToList();
        names.Word(concerning.Count.ToString(CultureInfo.InvariantCulture));
        foreach (string name in concerning)
            names.Text(name);
        Line(rest, names.ToString());
        foreach (var (_, body) in bodies)
        {
            foreach (string via in body.Via)
            {
                if (!lines.ContainsKey(via))
                    throw new ArgumentException($"{body.Id} is reached through {via}, which is no member of the summary", nameof(assembly));
            }
        }
        // Once to see which texts repeat, and once to write.
        var texts = new TextTable();
        foreach (var (_, member) in members)
            new RecordWriter(texts).Member(member);
        foreach (var (_, body) in bodies)
            new RecordWriter(texts).Body(body, lines);
        texts.Close();
        foreach (var (key, member) in members)
        {
            var record = new RecordWriter(texts);
            record.Member(member);
            Line(rest, key + SummaryFormat.Separator + record);
        }
        foreach (var (key, body) in bodies)
        {
            var record = new RecordWriter(texts);
            record.Body(body, lines);
            Line(rest, key + SummaryFormat.Separator + record);
        }
        foreach (byte[] text in texts.Lines)
        {
            rest.Write(text, 0, text.Length);
            rest.WriteByte((byte)'\n');
        }

        return Whole(assembly.Name, assembly.Mvid, assembly.Source, members.Count, bodies.Count, texts.Lines.Count, rest.ToArray());
    }

    /// <summary>The whole file, of members of which only effects count: of a framework.</summary>
    public static byte[] Write(string name, Guid mvid, string source, IReadOnlyDictionary<string, ClosedMember> members)
    {
        using var rest = new MemoryStream();
        Line(rest, "0");
        foreach (var (key, (_, member)) in Sorted(members.Select(static m => (m.Key, m.Value)), static m => m.Key))
        {
            var record = new RecordWriter();
            record.Closed(member);
            Line(rest, key + SummaryFormat.Separator + record);
        }
        return Whole(name, mvid, source, members.Count, 0, 0, rest.ToArray());
    }

    static byte[] Whole(string name, Guid mvid, string source, int members, int bodies, int texts, byte[] content)
    {
        string header = string.Join(
            " ", SummaryFormat.Magic, SummaryFormat.Version.ToString(CultureInfo.InvariantCulture), SummaryFormat.Escape(name, spaces: true),
            "mvid=" + mvid.ToString("D", CultureInfo.InvariantCulture), "source=" + SummaryFormat.Escape(source, spaces: true),
            "members=" + members.ToString(CultureInfo.InvariantCulture), "edges=" + bodies.ToString(CultureInfo.InvariantCulture)
                + (texts == 0 ? "" : " texts=" + texts.ToString(CultureInfo.InvariantCulture)),
            "sha256=" + Hash(content, 0)) + "\n";
        byte[] head = SummaryFormat.Utf8.GetBytes(header);
        byte[] whole = new byte[head.Length + content.Length];
        head.CopyTo(whole, 0);
        content.CopyTo(whole, head.Length);
        return whole;
    }

    internal static string Hash(byte[] bytes, int from)
    {
        using var sha = SHA256.Create();
        var text = new StringBuilder(64);
        foreach (byte b in sha.ComputeHash(bytes, from, bytes.Length - from))
            text.Append(b.ToString("x2", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    /// <summary>By the UTF-8 bytes of the escaped id: this is how the reader finds a line.</summary>
    static List<(string Key, T Value)> Sorted<T>(IEnumerable<T> all, Func<T, string> id)
    {
        var keyed = all.Select(v => (Key: SummaryFormat.Escape(id(v)), Value: v)).Select(static p => (p.Key, Bytes: SummaryFormat.Utf8.GetBytes(p.Key), p.Value)).ToList();
        keyed.Sort(static (a, b) => SummaryFormat.Compare(a.Bytes, b.Bytes));
        for (int i = 1; i < keyed.Count; i++)
        {
            if (keyed[i].Key == keyed[i - 1].Key)
                throw new ArgumentException("There are two records of " + keyed[i].Key, nameof(all));
        }
        return keyed.Select(static p => (p.Key, p.Value)).ToList();
    }

    static void Line(Stream to, string line)
    {
        byte[] bytes = SummaryFormat.Utf8.GetBytes(line);
        if (bytes.Length > SummaryFormat.MaxLine)
            throw new ArgumentException("A record is longer than " + SummaryFormat.MaxLine.ToString(CultureInfo.InvariantCulture) + " bytes: " + line.Substring(0, 200));
        to.Write(bytes, 0, bytes.Length);
        to.WriteByte((byte)'\n');
    }
}
