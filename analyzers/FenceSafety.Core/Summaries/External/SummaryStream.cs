namespace FenceSafety.Core.Summaries.External;

/// <summary>
/// A summary that is part of the program, read where it lies: header and lines on the way to what is asked for, and nothing else. Its
/// stream is to be one that seeks without cost, as that of an embedded resource does, which is mapped into memory.
/// </summary>
public sealed class SummaryStream
{
    /// <summary>Bytes of the header and the call names.</summary>
    const int MaxHead = 32 << 10;

    /// <summary>Bytes between which lines are read one after the other.</summary>
    const int Near = 1024;

    readonly Stream _stream;
    readonly long _membersAt;
    readonly byte[] _block = new byte[512];

    SummaryStream(Stream stream, long membersAt)
    {
        _stream = stream;
        _membersAt = membersAt;
    }

    /// <summary>Opens a file that is trusted and has no edges; the stream is kept.</summary>
    /// <exception cref="SummaryFormatException">It is none of this version.</exception>
    public static SummaryStream Open(Stream stream)
    {
        byte[] head = new byte[Math.Min(MaxHead, stream.Length)];
        int length = 0;
        for (int read; length < head.Length && (read = stream.Read(head, length, head.Length - length)) > 0; length += read)
        {
        }
        var header = SummaryHeader.Read(head, out int at);
        if (header.Edges != 0 || header.Texts != 0)
            throw new SummaryFormatException("a file with edges or a table of texts must be opened with all checks");
        SummaryFile.Line(head, ref at);
        return new SummaryStream(stream, at);
    }

    /// <summary>What the file says of a member; null if it says nothing, or nothing that can be read.</summary>
    public ExternalMember? Find(string id)
    {
        byte[] key = SummaryFormat.Utf8.GetBytes(SummaryFormat.Escape(id));
        string? line;
        lock (_stream)
            line = FindLine(key);
        if (line is null)
            return null;
        try
        {
            return new RecordReader(line, TextLines.None, line.IndexOf(SummaryFormat.Separator) + 1).Member(id);
        }
        catch (SummaryFormatException)
        {
            return null;
        }
    }

    string? FindLine(byte[] key)
    {
        // The line, if there is one, begins at or after low, where a line begins, and before high.
        long low = _membersAt, high = _stream.Length;
        while (high - low > Near)
        {
            long middle = low + (high - low) / 2;
            long next = After(middle);
            if (next >= high || Compare(key, LineAt(next)) < 0)
                high = middle + 1;
            else
                low = next;
        }
        while (low < high)
        {
            byte[] line = LineAt(low);
            if (Compare(key, line) == 0)
                return SummaryFormat.Utf8.GetString(line);
            low += line.Length + 1;
        }
        return null;
    }

    /// <summary>Where the first line begins that begins after a place.</summary>
    long After(long at)
    {
        while (Block(at) is > 0 and var read)
        {
            int end = Array.IndexOf(_block, (byte)'\n', 0, read);
            if (end >= 0)
                return at + end + 1;
            at += read;
        }
        return at;
    }

    /// <summary>A line without its end.</summary>
    byte[] LineAt(long start)
    {
        var line = new byte[After(start) - start - 1];
        _stream.Position = start;
        for (int at = 0, read; at < line.Length && (read = _stream.Read(line, at, line.Length - at)) > 0; at += read)
        {
        }
        return line;
    }

    int Block(long at)
    {
        _stream.Position = at;
        return _stream.Read(_block, 0, _block.Length);
    }

    /// <summary>A key against the key of a line.</summary>
    static int Compare(byte[] key, byte[] line)
    {
        int tab = Array.IndexOf(line, (byte)SummaryFormat.Separator);
        for (int i = 0; i < key.Length && i < tab; i++)
        {
            if (key[i] != line[i])
                return key[i].CompareTo(line[i]);
        }
        return key.Length.CompareTo(tab);
    }
}
