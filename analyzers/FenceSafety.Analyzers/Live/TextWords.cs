using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.Live;

/// <summary>
/// The raw text of a file as words: whatever could be a name or a keyword, by place and hash, in comments and strings too. One pass
/// over characters is much cheaper than over tokens, which the compiler has to make first.
/// </summary>
sealed class TextWords
{
    static readonly bool[] s_ascii = Enumerable.Range(0, 128).Select(static c => SyntaxFacts.IsIdentifierPartCharacter((char)c)).ToArray();

    readonly char[] _text;
    readonly List<int> _starts;
    readonly List<ulong> _hashes;
    readonly List<int> _odd = new();

    public TextWords(SourceText text)
    {
        _text = new char[text.Length];
        _starts = new List<int>(text.Length / 8);
        _hashes = new List<ulong>(text.Length / 8);
        text.CopyTo(0, _text, 0, _text.Length);
        for (int i = 0; i < _text.Length; i++)
        {
            if (!IsPart(i))
                continue;
            ulong hash = TextHash.Start;
            int start = i;
            for (; i < _text.Length && IsPart(i); i++)
                hash = TextHash.Mix(hash, _text[i]);
            _starts.Add(start);
            _hashes.Add(hash);
        }
    }

    bool IsPart(int i)
    {
        char c = _text[i];
        if (c < 128)
        {
            // Names may be spelled with escapes, which this does not read.
            if (c == '\\' && i + 1 < _text.Length && _text[i + 1] is 'u' or 'U')
                _odd.Add(i);
            return s_ascii[c];
        }
        // The compiler leaves formatting characters out of a name.
        if (char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format)
            _odd.Add(i);
        return SyntaxFacts.IsIdentifierPartCharacter(c);
    }

    /// <summary>How many words there are.</summary>
    public int Count => _starts.Count;

    public ulong this[int word] => _hashes[word];

    /// <summary>The first word that begins at a position or behind it. Stretches of text must cut none in two.</summary>
    public int First(int position) => First(_starts, position);

    /// <summary>There may be names in it that are spelled otherwise than they read.</summary>
    public bool IsOdd(TextSpan span) => First(_odd, span.Start) is var o && o < _odd.Count && _odd[o] < span.End;

    static int First(List<int> places, int from)
    {
        int at = places.BinarySearch(from);
        // A place that is read twice is in the list twice.
        while (at > 0 && places[at - 1] == from)
            at--;
        return at < 0 ? ~at : at;
    }

    /// <summary>A hash of a stretch of text, four characters at a time.</summary>
    public ulong Hash(TextSpan span)
    {
        ulong hash = TextHash.Mix(TextHash.Start, (ulong)span.Length);
        int i = span.Start;
        for (; i + 4 <= span.End; i += 4)
            hash = TextHash.Mix(hash, _text[i] | (ulong)_text[i + 1] << 16 | (ulong)_text[i + 2] << 32 | (ulong)_text[i + 3] << 48);
        for (; i < span.End; i++)
            hash = TextHash.Mix(hash, _text[i]);
        return hash;
    }
}

/// <summary>A 64-bit hash of text, the same in each process.</summary>
static class TextHash
{
    public const ulong Start = 14695981039346656037;

    public static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }

    public static ulong Of(string text)
    {
        ulong hash = Start;
        foreach (char c in text)
            hash = Mix(hash, c);
        return hash;
    }
}
