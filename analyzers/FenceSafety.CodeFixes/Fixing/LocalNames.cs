using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FenceSafety.CodeFixes.Fixing;

/// <summary>Names for new locals.</summary>
static class LocalNames
{
    /// <summary>The wish, or with the first number that makes it mean nothing else in the member.</summary>
    public static string Free(string wish, SyntaxNode member)
    {
        var taken = new HashSet<string>(member.DescendantTokens().Where(static t => t.IsKind(SyntaxKind.IdentifierToken)).Select(static t => t.ValueText));
        string name = wish;
        for (int i = 2; taken.Contains(name) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None; i++)
            name = wish + i.ToString(CultureInfo.InvariantCulture);
        return name;
    }
}
