using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FenceSafety.Core.Tests.Summaries;

/// <summary>Summary files that are changed by hand.</summary>
static class SummaryText
{
    /// <summary>Puts the right checksum into the header: what is wrong with the rest is met later.</summary>
    public static byte[] Seal(string text)
    {
        int end = text.IndexOf('\n');
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[(end + 1)..])));
        return Encoding.UTF8.GetBytes(Regex.Replace(text[..end], "sha256=.*", "sha256=" + hash) + text[end..]);
    }
}
