using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using static FenceSafety.Analyzers.Tests.Framework.Table.Effect;

namespace FenceSafety.Analyzers.Tests.Framework.Table;

/// <summary>Strings, builders, encodings, patterns.</summary>
static class TextRows
{
    static readonly string s_words = "some text";
    static readonly string s_other = "some other";
    static readonly string[] s_list = ["some", "text"];
    static readonly char[] s_chars = new char[64];
    static readonly byte[] s_bytes = Encoding.UTF8.GetBytes("some text");
    static readonly byte[] s_target = new byte[64];
    static readonly StringBuilder s_builder = new("some text", 256);
    static readonly Regex s_pattern = new("t.x");
    static readonly SearchValues<char> s_vowels = SearchValues.Create("aeiou");

    [FenceCritical, Row(Nothing, "M:System.String.get_Length")]
    static void String_Length() => Out.Int = s_words.Length;

    [FenceCritical, Row(Nothing, "M:System.String.get_Chars(System.Int32)")]
    static void String_Chars() => Out.Int = s_words[1];

    [FenceCritical, Row(Nothing, "M:System.String.Equals(System.String,System.String)")]
    static void String_EqualsOrdinal() => Out.Bool = string.Equals(s_words, s_other);

    [FenceCritical, Row(Nothing, "M:System.String.Equals(System.String,System.String,System.StringComparison)")]
    static void String_Equals() => Out.Bool = string.Equals(s_words, s_other, StringComparison.OrdinalIgnoreCase);

    [FenceCritical, Row(Nothing, "M:System.String.IsNullOrEmpty(System.String)")]
    static void String_IsNullOrEmpty() => Out.Bool = string.IsNullOrEmpty(s_words);

    [FenceCritical, Row(Nothing, "M:System.String.StartsWith(System.String,System.StringComparison)")]
    static void String_StartsWith() => Out.Bool = s_words.StartsWith("so", StringComparison.Ordinal);

    [FenceCritical, Row(Nothing, "M:System.String.Contains(System.String,System.StringComparison)")]
    static void String_Contains() => Out.Bool = s_words.Contains("text", StringComparison.Ordinal);

    [FenceCritical, Row(Nothing, "M:System.String.IndexOf(System.Char)")]
    static void String_IndexOf() => Out.Int = s_words.IndexOf('x');

    [FenceCritical, Row(Nothing, "M:System.String.Compare(System.String,System.String,System.StringComparison)")]
    static void String_Compare() => Out.Int = string.Compare(s_words, "SOME", StringComparison.OrdinalIgnoreCase);

    [FenceCritical, Row(Nothing, "M:System.String.CompareOrdinal(System.String,System.String)")]
    static void String_CompareOrdinal() => Out.Int = string.CompareOrdinal(s_words, s_other);

    [FenceCritical, Row(Nothing, "M:System.String.GetHashCode")]
    static void String_GetHashCode() => Out.Int = s_words.GetHashCode();

    [FenceCritical, Row(Nothing, "M:System.String.CopyTo(System.Span{System.Char})")]
    static void String_CopyTo() => s_words.CopyTo(s_chars);

    [FenceCritical, Row(Allocates, "M:System.String.Concat(System.String,System.String)", Kind = "string")]
    static void String_Concat() => Out.Object = string.Concat(s_words, s_other);

    [FenceCritical, Row(Allocates, "M:System.String.Substring(System.Int32)", Kind = "string")]
    static void String_Substring() => Out.Object = s_words.Substring(1);

    [FenceCritical, Row(Allocates | Unknown, "M:System.String.Format(System.IFormatProvider,System.String,System.Object)")]
    static void String_Format() => Out.Object = string.Format(CultureInfo.InvariantCulture, "{0}!", s_words);

    [FenceCritical, Row(Allocates, "M:System.String.ToCharArray", Kind = "array")]
    static void String_ToCharArray() => Out.Object = s_words.ToCharArray();

    [FenceCritical, Row(Allocates, "M:System.String.Split(System.Char,System.StringSplitOptions)")]
    static void String_Split() => Out.Object = s_words.Split(' ');

    [FenceCritical, Row(Allocates, "M:System.String.Join(System.Char,System.String[])", Kind = "string")]
    static void String_Join() => Out.Object = string.Join(',', s_list);

    [FenceCritical, Row(Allocates, "M:System.String.Replace(System.Char,System.Char)", Kind = "string")]
    static void String_Replace() => Out.Object = s_words.Replace('e', 'i');

    [FenceCritical, Row(Allocates, "M:System.String.ToUpperInvariant", Kind = "string")]
    static void String_ToUpperInvariant() => Out.Object = s_words.ToUpperInvariant();

    [FenceCritical, Row(Allocates, "M:System.String.#ctor(System.Char,System.Int32)")]
    static void String_Constructor() => Out.Object = new string('x', 10);

    [FenceCritical, Row(Allocates, "M:System.String.PadLeft(System.Int32)", Kind = "string")]
    static void String_PadLeft() => Out.Object = s_words.PadLeft(20);

    [FenceCritical, Row(Nothing, "M:System.Char.ToUpperInvariant(System.Char)")]
    static void Char_ToUpperInvariant() => Out.Int = char.ToUpperInvariant('x');

    [FenceCritical, Row(Nothing, "M:System.Char.IsLetterOrDigit(System.Char)")]
    static void Char_IsLetterOrDigit() => Out.Bool = char.IsLetterOrDigit('x');

    [FenceCritical, Row(Nothing, "M:System.Text.Rune.GetRuneAt(System.String,System.Int32)")]
    static void Rune_GetRuneAt() => Out.Int = Rune.GetRuneAt(s_words, 0).Value;

    [FenceCritical, Row(Nothing, "M:System.MemoryExtensions.IndexOfAny``1(System.ReadOnlySpan{``0},System.Buffers.SearchValues{``0})")]
    static void Span_IndexOfAny() => Out.Int = s_words.AsSpan().IndexOfAny(s_vowels);

    [FenceCritical, Row(Nothing, "M:System.Text.StringBuilder.get_Length")]
    static void StringBuilder_Length() => Out.Int = s_builder.Length;

    [FenceCritical, Row(Nothing, "M:System.Text.StringBuilder.CopyTo(System.Int32,System.Span{System.Char},System.Int32)")]
    static void StringBuilder_CopyTo() => s_builder.CopyTo(0, s_chars, 4);

    static void Refill() => s_builder.Clear().Append(s_words);

    [FenceCritical, Row(Nothing, "M:System.Text.StringBuilder.Clear", Before = nameof(Refill))]
    static void StringBuilder_Clear() => s_builder.Clear();

    [FenceCritical, Row(Allocates, "M:System.Text.StringBuilder.ToString", Kind = "string", Before = nameof(Refill))]
    static void StringBuilder_ToString() => Out.Object = s_builder.ToString();

    [FenceCritical, Row(Allocates, "M:System.Text.Encoding.GetBytes(System.String)", Kind = "array")]
    static void Encoding_GetBytesOfString() => Out.Object = Encoding.UTF8.GetBytes(s_words);

    [FenceCritical, Row(Allocates, "M:System.Text.Encoding.GetString(System.Byte[])", Kind = "string")]
    static void Encoding_GetString() => Out.Object = Encoding.UTF8.GetString(s_bytes);

    [FenceCritical, Row(Nothing, "M:System.Text.Encoding.get_UTF8")]
    static void Encoding_UTF8() => Out.Object = Encoding.UTF8;

    [FenceCritical, Row(Nothing,
        "M:System.Text.Unicode.Utf8.FromUtf16(System.ReadOnlySpan{System.Char},System.Span{System.Byte},System.Int32@,System.Int32@,System.Boolean,System.Boolean)")]
    static void Utf8_FromUtf16() => Out.Bool = Utf8.FromUtf16(s_words, s_target, out Out.Int, out _) == OperationStatus.Done;

    [FenceCritical, Row(Unknown, "M:System.Text.RegularExpressions.Regex.IsMatch(System.String)",
        NotMeasured = "the matcher may be generated code")]
    static void Regex_IsMatch() => Out.Bool = s_pattern.IsMatch(s_words);

    [FenceCritical, Row(Allocates | Unknown, "M:System.Text.RegularExpressions.Regex.Match(System.String)")]
    static void Regex_Match() => Out.Object = s_pattern.Match(s_words);

    [FenceCritical, Row(Allocates | Unknown, "M:System.Text.RegularExpressions.Regex.Replace(System.String,System.String)")]
    static void Regex_Replace() => Out.Object = s_pattern.Replace(s_words, "b");

    [FenceCritical, Row(Allocates, "M:System.Text.RegularExpressions.Regex.#ctor(System.String)")]
    static void Regex_Constructor() => Out.Object = new Regex("a+b");
}
