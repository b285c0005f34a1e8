using System.Collections.Immutable;
using System.Globalization;
using FenceSafety.Core.Summaries.External;

namespace FenceSafety.Summaries.Framework;

/// <summary>Effects as people write them: <c>managed:array,invokes:1</c>.</summary>
static class EffectWords
{
    static readonly string[] Kinds =
        ["object", "array", "string", "boxing", "closure", "delegate", "enumerator", "iterator", "task", "linq", "collection", "other"];

    /// <exception cref="FormatException">Names the word that is none, and those that are.</exception>
    public static ClosedMember Parse(string text)
    {
        string? managed = null;
        bool waits = false, unknown = false;
        var invokes = ImmutableSortedSet.CreateBuilder<int>();
        var words = text.Split(',');
        foreach (string word in words)
        {
            string argument = word[(word.IndexOf(':') + 1)..];
            bool again = false;
            if (word is "safe" or "waits")
            {
                if (words.Length > 1)
                    throw new FormatException($"'{word}' stands alone, but there is '{text}'");
                waits = word == "waits";
            }
            else if (word == "unknown")
                (again, unknown) = (unknown, true);
            else if (word == "growth" || (word.StartsWith("managed:", StringComparison.Ordinal) && Kinds.Contains(argument)))
                (again, managed) = (managed is not null, argument);
            else if (word.StartsWith("invokes:", StringComparison.Ordinal) && int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                again = !invokes.Add(index);
            else
                throw new FormatException($"'{word}' is no effect; effects are safe, waits, unknown, growth, managed:KIND (KIND is one of {string.Join(", ", Kinds)}) and invokes:PARAMETER");
            if (again)
                throw new FormatException($"'{text}' has an effect twice");
        }
        return new ClosedMember(managed, waits, unknown, [.. invokes]);
    }

    public static string Of(ClosedMember member)
    {
        if (member.Waits)
            return "waits";
        var words = new List<string>();
        if (member.Managed is not null)
            words.Add(member.Managed == "growth" ? "growth" : "managed:" + member.Managed);
        words.AddRange(member.Invokes.Select(static i => "invokes:" + i.ToString(CultureInfo.InvariantCulture)));
        if (member.CallsBack)
            words.Add("unknown");
        return words.Count == 0 ? "safe" : string.Join(",", words);
    }
}
