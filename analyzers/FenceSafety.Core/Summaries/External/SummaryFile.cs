using System.Collections.Immutable;
using System.Globalization;

namespace FenceSafety.Core.Summaries.External;

/// <summary>
/// A summary file as it is read: the header at once, a member's record when it is asked for. The file may be anything; one that is
/// not right is a <see cref="SummaryFormatException"/> when it is opened, or a problem and an unknown member later.
/// </summary>
public sealed class SummaryFile
{
    readonly byte[] _bytes;
    readonly int _membersAt;
    readonly int _bodiesAt;
    readonly int _textsAt;
    readonly int _memberCount;
    readonly TextLines _texts;
    readonly object _gate = new();
    volatile ReadBodies? _bodies;

    SummaryFile(byte[] bytes, SummaryHeader header, ImmutableArray<string> callNames, int membersAt, int bodiesAt, int textsAt, TextLines texts)
    {
        _bytes = bytes;
        Name = header.Name;
        Mvid = header.Mvid;
        Source = header.Source;
        CallNames = callNames;
        _memberCount = header.Members;
        _membersAt = membersAt;
        _bodiesAt = bodiesAt;
        _textsAt = textsAt;
        _texts = texts;
    }

    /// <summary>The simple name of the assembly.</summary>
    public string Name { get; }

    public Guid Mvid { get; }

    public string Source { get; }

    /// <summary>Names by which callers call members that concern them (<see cref="ExternalMember.ConcernsCallers"/>).</summary>
    public ImmutableArray<string> CallNames { get; }

    /// <summary>Opens a file and looks at all of it but its records: header, checksum, order and length of lines.</summary>
    /// <exception cref="SummaryFormatException">It is no summary, or not whole.</exception>
    public static SummaryFile Open(byte[] bytes)
    {
        var header = SummaryHeader.Read(bytes, out int end);
        if (SummaryWriter.Hash(bytes, end) != header.Checksum)
            throw new SummaryFormatException("its checksum is not that of its contents: it was changed or cut off; make it again");
        int at = end;
        var names = new RecordReader(Line(bytes, ref at), TextLines.None).Texts();
        int membersAt = at;
        CheckLines(bytes, ref at, header.Members);
        int bodiesAt = at;
        CheckLines(bytes, ref at, header.Edges);
        int textsAt = at;
        var texts = TextLines.Read(bytes, ref at, header.Texts);
        if (at != bytes.Length)
            throw new SummaryFormatException("there are more lines than its header counts");
        return new SummaryFile(bytes, header, names, membersAt, bodiesAt, textsAt, texts);
    }

    /// <summary>Opens a file that is part of the program and has no edges: nothing is checked, and next to nothing read.</summary>
    public static SummaryFile OpenTrusted(byte[] bytes)
    {
        var header = SummaryHeader.Read(bytes, out int at);
        if (header.Edges != 0 || header.Texts != 0)
            throw new SummaryFormatException("a file with edges or a table of texts must be opened with all checks");
        var names = new RecordReader(Line(bytes, ref at), TextLines.None).Texts();
        return new SummaryFile(bytes, header, names, at, bytes.Length, bytes.Length, TextLines.None);
    }

    /// <summary>What the file says of a member; null if it says nothing, or nothing that can be read: then <paramref name="problem"/> says why.</summary>
    public ExternalMember? Find(string id, out string? problem)
    {
        problem = null;
        byte[] key = SummaryFormat.Utf8.GetBytes(SummaryFormat.Escape(id));
        // Between two beginnings of lines; invariant: the line, if there is one, begins at or after low and before high.
        int low = _membersAt, high = _bodiesAt;
        while (low < high)
        {
            int line = LineStart(low + (high - low) / 2, low);
            int end = LineEnd(line);
            int order = Compare(key, line, end);
            if (order == 0)
                return Parse(line, end, (_, reader) => reader.Member(id), out problem);
            if (order < 0)
                high = line;
            else
                low = end + 1;
        }
        return null;
    }

    sealed record ReadBodies(IReadOnlyList<ExternalBody> Bodies, string? Problem);

    /// <summary>The bodies that make edges of the lock-order graph; <paramref name="problem"/>: why one of them is not among them.</summary>
    public IReadOnlyList<ExternalBody> Bodies(out string? problem)
    {
        if (_bodies is null)
        {
            lock (_gate)
                _bodies ??= ParseBodies();
        }
        problem = _bodies.Problem;
        return _bodies.Bodies;
    }

    ReadBodies ParseBodies()
    {
        var result = new List<ExternalBody>();
        string? first = null;
        if (_bodiesAt == _textsAt)
            return new ReadBodies(result, null);
        var starts = new int[_memberCount];
        for (int i = 0, at = _membersAt; i < starts.Length; i++, at = LineEnd(at) + 1)
            starts[i] = at;
        for (int at = _bodiesAt; at < _textsAt; at = LineEnd(at) + 1)
        {
            int end = LineEnd(at);
            if (Parse(at, end, (id, reader) => reader.Body(id, line => line >= 0 && line < starts.Length ? IdOf(starts[line]) : null), out string? problem) is { } body)
                result.Add(body);
            first ??= problem;
        }
        return new ReadBodies(result, first);
    }

    /// <summary>The ids of all members, in the order of the file.</summary>
    public IEnumerable<string> Ids
    {
        get
        {
            for (int at = _membersAt; at < _bodiesAt; at = LineEnd(at) + 1)
                yield return IdOf(at);
        }
    }

    /// <summary>The ids of members whose records mention a text: of an id, those that may lead to it.</summary>
    public IEnumerable<string> Mentioning(string text)
    {
        byte[] escaped = SummaryFormat.Utf8.GetBytes(SummaryFormat.Escape(text));
        // A text that repeats is its number in the table.
        byte[] wanted = _texts.NumberOf(escaped) is >= 0 and var number
            ? SummaryFormat.Utf8.GetBytes(" ^" + number.ToString(CultureInfo.InvariantCulture))
            : new[] { (byte)'"' }.Concat(escaped).Append((byte)'"').ToArray();
        int at = _membersAt;
        while ((at = IndexOf(wanted, at)) >= 0)
        {
            int end = at + wanted.Length;
            if (wanted[0] == ' ' && end < _bodiesAt && _bytes[end] is not ((byte)' ' or (byte)'\n'))
            {
                at = end;
                continue;
            }
            int line = LineStart(at, _membersAt);
            yield return IdOf(line);
            at = LineEnd(line) + 1;
        }
    }

    int IndexOf(byte[] wanted, int from)
    {
        for (int at = from; (at = Array.IndexOf(_bytes, wanted[0], at, _bodiesAt - at)) >= 0; at++)
        {
            int i = 1;
            while (i < wanted.Length && at + i < _bodiesAt && _bytes[at + i] == wanted[i])
                i++;
            if (i == wanted.Length)
                return at;
        }
        return -1;
    }

    T? Parse<T>(int line, int end, Func<string, RecordReader, T> read, out string? problem)
        where T : class
    {
        problem = null;
        try
        {
            string text = Text(_bytes, line, end);
            int tab = text.IndexOf(SummaryFormat.Separator);
            int at = 0;
            string id = SummaryFormat.Unescape(text.Substring(0, tab), ref at, null);
            return read(id, new RecordReader(text, _texts, tab + 1));
        }
        catch (SummaryFormatException e)
        {
            problem = "the record of " + IdOf(line) + " cannot be read: " + e.Message;
            return null;
        }
    }

    string IdOf(int line)
    {
        int at = 0;
        return SummaryFormat.Unescape(Text(_bytes, line, Array.IndexOf(_bytes, (byte)SummaryFormat.Separator, line)), ref at, null);
    }

    // ---- lines

    int LineStart(int at, int lowest)
    {
        while (at > lowest && _bytes[at - 1] != '\n')
            at--;
        return at;
    }

    int LineEnd(int at)
    {
        int end = Array.IndexOf(_bytes, (byte)'\n', at);
        return end < 0 ? _bytes.Length : end;
    }

    /// <summary>A key against the key of a line.</summary>
    int Compare(byte[] key, int line, int end)
    {
        int i = 0;
        for (; i < key.Length && line + i < end && _bytes[line + i] != SummaryFormat.Separator; i++)
        {
            if (key[i] != _bytes[line + i])
                return key[i].CompareTo(_bytes[line + i]);
        }
        bool over = line + i >= end || _bytes[line + i] == SummaryFormat.Separator;
        return i < key.Length ? 1 : over ? 0 : -1;
    }

    /// <summary>So many lines, each with a key of its own that is greater than the one before.</summary>
    static void CheckLines(byte[] bytes, ref int at, int count)
    {
        int before = -1, beforeLength = 0;
        for (int i = 0; i < count; i++)
        {
            if (at >= bytes.Length)
                throw new SummaryFormatException("there are fewer lines than its header counts");
            int end = EndOfLine(bytes, at);
            int tab = Array.IndexOf(bytes, (byte)SummaryFormat.Separator, at, end - at);
            if (tab <= at)
                throw new SummaryFormatException("line " + (i + 3).ToString(CultureInfo.InvariantCulture) + " is no 'id<TAB>record'");
            CheckKey(bytes, at, tab);
            if (before >= 0 && !IsLess(bytes, before, beforeLength, at, tab - at))
                throw new SummaryFormatException("its lines are not sorted by id");
            (before, beforeLength) = (at, tab - at);
            at = end + 1;
        }
    }

    static void CheckKey(byte[] bytes, int from, int to)
    {
        int at = 0;
        SummaryFormat.Unescape(Text(bytes, from, to), ref at, null);
    }

    internal static bool IsLess(byte[] bytes, int a, int aLength, int b, int bLength)
    {
        for (int i = 0; i < aLength && i < bLength; i++)
        {
            if (bytes[a + i] != bytes[b + i])
                return bytes[a + i] < bytes[b + i];
        }
        return aLength < bLength;
    }

    internal static int EndOfLine(byte[] bytes, int at)
    {
        int end = Array.IndexOf(bytes, (byte)'\n', at);
        if (end < 0)
            throw new SummaryFormatException("its last line has no end: it was cut off");
        if (end - at > SummaryFormat.MaxLine)
            throw new SummaryFormatException("a line is longer than " + SummaryFormat.MaxLine.ToString(CultureInfo.InvariantCulture) + " bytes");
        return end;
    }

    internal static string Line(byte[] bytes, ref int at)
    {
        if (at >= bytes.Length)
            throw new SummaryFormatException("there are fewer lines than its header counts");
        int end = EndOfLine(bytes, at);
        string text = Text(bytes, at, end);
        at = end + 1;
        return text;
    }

    internal static string Text(byte[] bytes, int from, int to)
    {
        try
        {
            return SummaryFormat.Utf8.GetString(bytes, from, to - from);
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw new SummaryFormatException("it is not UTF-8");
        }
    }
}
