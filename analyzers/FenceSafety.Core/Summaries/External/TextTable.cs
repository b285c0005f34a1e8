using System.Text;

namespace FenceSafety.Core.Summaries.External;

/// <summary>Long texts that several records have in common, as the writer of a file collects them: ids and hops repeat.</summary>
sealed class TextTable
{
    /// <summary>UTF-16 units: the number of a shorter text would not be shorter.</summary>
    const int MinLength = 12;

    readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    Dictionary<string, int>? _numbers;

    /// <summary>The texts as they are written, by their UTF-8 bytes. Empty until <see cref="Close"/>.</summary>
    public IReadOnlyList<byte[]> Lines { get; private set; } = Array.Empty<byte[]>();

    /// <summary>The number of a text, or -1; before <see cref="Close"/> it is only counted.</summary>
    public int Use(string text)
    {
        if (text.Length < MinLength)
            return -1;
        if (_numbers is not null)
            return _numbers.TryGetValue(text, out int number) ? number : -1;
        _uses[text] = _uses.TryGetValue(text, out int uses) ? uses + 1 : 1;
        return -1;
    }

    public void Close()
    {
        var kept = _uses.Where(static p => p.Value > 1).Select(static p => (Text: p.Key, Bytes: SummaryFormat.Utf8.GetBytes(SummaryFormat.Escape(p.Key)))).ToList();
        kept.Sort(static (a, b) => SummaryFormat.Compare(a.Bytes, b.Bytes));
        Lines = kept.Select(static p => p.Bytes).ToList();
        _numbers = new Dictionary<string, int>(kept.Count, StringComparer.Ordinal);
        foreach (var (text, _) in kept)
            _numbers.Add(text, _numbers.Count);
    }
}

/// <summary>The same as it is read: a text is made when a record needs it, and once.</summary>
sealed class TextLines
{
    public static readonly TextLines None = new(Array.Empty<byte>(), Array.Empty<int>());

    readonly byte[] _bytes;
    readonly int[] _starts;
    readonly string?[] _texts;

    TextLines(byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
        _texts = new string?[starts.Length];
    }

    /// <summary>So many lines, sorted and different.</summary>
    public static TextLines Read(byte[] bytes, ref int at, int count)
    {
        if (count == 0)
            return None;
        // Each takes a line end at least.
        if (count > bytes.Length - at)
            throw new SummaryFormatException("there are fewer lines than its header counts");
        var starts = new int[count];
        for (int i = 0; i < count; i++)
        {
            starts[i] = at;
            if (at >= bytes.Length)
                throw new SummaryFormatException("there are fewer lines than its header counts");
            int end = SummaryFile.EndOfLine(bytes, at);
            if (i > 0 && !SummaryFile.IsLess(bytes, starts[i - 1], at - 1 - starts[i - 1], at, end - at))
                throw new SummaryFormatException("its texts are not sorted");
            at = end + 1;
        }
        return new TextLines(bytes, starts);
    }

    /// <exception cref="SummaryFormatException">There is no such text, or it cannot be read.</exception>
    public string this[int number]
    {
        get
        {
            if (number >= _starts.Length)
                throw new SummaryFormatException("there is no text " + number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (_texts[number] is { } known)
                return known;
            int start = _starts[number], at = 0;
            return _texts[number] = SummaryFormat.Unescape(SummaryFile.Text(_bytes, start, SummaryFile.EndOfLine(_bytes, start)), ref at, null);
        }
    }

    /// <summary>The number of an escaped text, or -1.</summary>
    public int NumberOf(byte[] text)
    {
        int low = 0, high = _starts.Length;
        while (low < high)
        {
            int middle = low + (high - low) / 2, start = _starts[middle], length = SummaryFile.EndOfLine(_bytes, start) - start;
            if (length == text.Length && text.AsSpan().SequenceEqual(_bytes.AsSpan(start, length)))
                return middle;
            if (SummaryFormat.Compare(_bytes.AsSpan(start, length), text) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return -1;
    }
}
