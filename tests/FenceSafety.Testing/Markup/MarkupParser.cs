using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Testing.Markup;

/// <summary>
/// Reads the markup of the Roslyn test libraries: <c>[|…|]</c>, <c>{|FENCE001:…|}</c>, <c>{|#0:…|}</c>. Spans nest, and do not overlap.
/// </summary>
public static class MarkupParser
{
    /// <summary>Takes the markup out of <paramref name="markup"/>.</summary>
    /// <exception cref="VerificationException">The markup is malformed; the message names the file, the place and what is expected.</exception>
    public static MarkupDocument Parse(string markup, string path)
    {
        var text = new StringBuilder(markup.Length);
        var spans = new List<MarkupSpan>();
        var open = new Stack<(string? Id, int? Key, int Start, bool Named)>();
        for (int i = 0; i < markup.Length; i++)
        {
            if (At(markup, i, "[|"))
            {
                open.Push((null, null, text.Length, false));
                i++;
            }
            else if (At(markup, i, "{|"))
            {
                (string? id, int? key, int length) = Name(markup, i + 2, path);
                open.Push((id, key, text.Length, true));
                i += 1 + length;
            }
            else if (At(markup, i, "|]") || At(markup, i, "|}"))
            {
                bool named = markup[i + 1] == '}';
                if (open.Count == 0 || open.Peek().Named != named)
                {
                    throw Malformed(markup, i, path, open.Count == 0 ? "it closes a span that was never opened" : "it closes another kind of span than the innermost one");
                }

                var top = open.Pop();
                spans.Add(new MarkupSpan(top.Id, top.Key, TextSpan.FromBounds(top.Start, text.Length)));
                i++;
            }
            else
            {
                text.Append(markup[i]);
            }
        }

        if (open.Count > 0)
        {
            throw new VerificationException($"Markup of {path}: {open.Count} span(s) opened and never closed.");
        }

        return new MarkupDocument(text.ToString(), spans);
    }

    static (string? Id, int? Key, int Length) Name(string markup, int start, string path)
    {
        int colon = start;
        while (colon < markup.Length && (char.IsAsciiLetterOrDigit(markup[colon]) || markup[colon] is '_' or '#'))
        {
            colon++;
        }

        string name = markup[start..colon];
        if (colon == markup.Length || markup[colon] != ':' || name.Length == 0)
        {
            throw Malformed(markup, start - 2, path, "a named span is written {|ID:text|} or {|#0:text|}");
        }

        if (!name.Contains('#'))
        {
            return (name, null, name.Length + 1);
        }

        if (!int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int key))
        {
            throw Malformed(markup, start - 2, path, $"'{name}' is no location key; one is written #0, #1, …");
        }

        return (null, key, name.Length + 1);
    }

    static bool At(string markup, int index, string token) => string.CompareOrdinal(markup, index, token, 0, 2) == 0;

    static VerificationException Malformed(string markup, int index, string path, string why)
    {
        int line = markup.AsSpan(0, index).Count('\n') + 1;
        return new VerificationException($"Markup of {path}, line {line}, '{markup.Substring(index, 2)}': {why}.");
    }
}
