using System.Globalization;

namespace FenceSafety.Core.Summaries.External;

/// <summary>The first line: <c>fencesum 2 Name mvid=… source=… members=n edges=m texts=t sha256=…</c>; without <c>texts=</c> there are none.</summary>
sealed record SummaryHeader(string Name, Guid Mvid, string Source, int Members, int Edges, int Texts, string Checksum)
{
    /// <summary>The header is short, whatever the rest is.</summary>
    const int MaxLength = 16 << 10;

    public static SummaryHeader Read(byte[] bytes, out int end)
    {
        if (bytes.Length > SummaryFormat.MaxFile)
            throw new SummaryFormatException($"it has {bytes.Length} bytes, more than the {SummaryFormat.MaxFile} that a summary may have");
        if (bytes.Length == 0)
            throw new SummaryFormatException("it is empty");
        end = 0;
        int limit = Array.IndexOf(bytes, (byte)'\n', 0, Math.Min(bytes.Length, MaxLength));
        string line = limit < 0 ? "" : SummaryFile.Line(bytes, ref end);
        var words = line.Split(' ');
        if (words.Length < 2 || words[0] != SummaryFormat.Magic)
            throw new SummaryFormatException("it does not begin with 'fencesum': it is no summary");
        string version = SummaryFormat.Version.ToString(CultureInfo.InvariantCulture);
        if (words[1] != version)
            throw new SummaryFormatException($"it has format version '{Short(words[1])}', this analyzer reads version {version}; make it again with the command of the same release");
        if (words.Length is not (8 or 9))
            throw new SummaryFormatException("its header is not 'fencesum 2 name mvid=… source=… members=… edges=… texts=… sha256=…'");
        string name = Text(words[2], "name");
        if (name.Length == 0)
            throw new SummaryFormatException("its header names no assembly");
        if (!Guid.TryParseExact(Value(words[3], "mvid="), "D", out var mvid))
            throw new SummaryFormatException("its mvid is no GUID");
        string source = Text(Value(words[4], "source="), "source");
        int members = Count(words[5], "members="), edges = Count(words[6], "edges=");
        int texts = words.Length == 8 ? 0 : Count(words[7], "texts=");
        string checksum = Value(words[words.Length - 1], "sha256=");
        if (checksum.Length != 64)
            throw new SummaryFormatException("its sha256 has not 64 digits");
        return new SummaryHeader(name, mvid, source, members, edges, texts, checksum);
    }

    static string Text(string word, string what)
    {
        int at = 0;
        try
        {
            return SummaryFormat.Unescape(word, ref at, null);
        }
        catch (SummaryFormatException e)
        {
            throw new SummaryFormatException("its " + what + " is wrong: " + e.Message);
        }
    }

    static string Value(string word, string key) => word.StartsWith(key, StringComparison.Ordinal)
        ? word.Substring(key.Length)
        : throw new SummaryFormatException($"its header has '{Short(word)}' where '{key}' is wanted");

    static int Count(string word, string key) =>
        int.TryParse(Value(word, key), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count
            : throw new SummaryFormatException($"'{Short(word)}' is no count");

    static string Short(string text) => text.Length > 40 ? text.Substring(0, 40) + "…" : text;
}
