using System.Text;

namespace FenceSafety.Core.Summaries.External;

/// <summary>What writer and reader of summary files agree on. docs/summaries.md describes the format.</summary>
static class SummaryFormat
{
    public const string Magic = "fencesum";
    public const int Version = 2;

    /// <summary>Bytes of a file. A summary of the whole framework is a tenth of it.</summary>
    public const int MaxFile = 64 << 20;

    /// <summary>Bytes of a line.</summary>
    public const int MaxLine = 4 << 20;

    /// <summary>UTF-16 units of a name or an id.</summary>
    public const int MaxText = 32 << 10;

    /// <summary>References inside of references.</summary>
    public const int MaxNesting = 16;

    /// <summary>Hops of a chain: what is longer is written from both ends.</summary>
    public const int MaxChain = 48;

    public const char Separator = '\t';

    /// <summary>Strict: what is no UTF-8 is an error, and no mark is written.</summary>
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Text as one word of one line: quotes, backslashes, controls, line ends and lone surrogates are escaped.</summary>
    public static void Escape(StringBuilder to, string text, bool spaces = false)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '"' or '\\')
            {
                to.Append('\\').Append(c);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                to.Append(c).Append(text[++i]);
            }
            else if (c < ' ' || c is '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' || char.IsSurrogate(c) || (spaces && c == ' '))
            {
                to.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                to.Append(c);
            }
        }
    }

    public static string Escape(string text, bool spaces = false)
    {
        var to = new StringBuilder(text.Length);
        Escape(to, text, spaces);
        return to.ToString();
    }

    /// <summary>Undoes <see cref="Escape(string,bool)"/> up to <paramref name="end"/>, or to the end of the text without one.</summary>
    public static string Unescape(string text, ref int at, char? end)
    {
        int begin = at;
        while (at < text.Length && text[at] != '\\' && text[at] != end)
            at++;
        if (at == text.Length || text[at] == end)
            return text.Substring(begin, at - begin);
        var result = new StringBuilder(text, begin, at - begin, Math.Max(16, at - begin));
        for (; at < text.Length && text[at] != end; at++)
        {
            if (text[at] != '\\')
            {
                result.Append(text[at]);
                continue;
            }
            at++;
            if (at < text.Length && text[at] is '"' or '\\')
                result.Append(text[at]);
            else if (at + 4 < text.Length && text[at] == 'u' && IsHex(text, at + 1))
                result.Append((char)Convert.ToInt32(text.Substring(at + 1, 4), 16));
            else
                throw new SummaryFormatException("a backslash must be followed by \", \\ or u and four hexadecimal digits");
            if (text[at] == 'u')
                at += 4;
        }
        return result.ToString();
    }

    /// <summary>The order of lines.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceCompareTo(b);

    static bool IsHex(string text, int at)
    {
        for (int i = at; i < at + 4; i++)
        {
            if (text[i] is not ((>= '0' and <= '9') or (>= 'a' and <= 'f')))
                return false;
        }
        return true;
    }
}
