using System.Text;
using FenceSafety.Core.Summaries.External;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FenceSafety.Analyzers.References;

/// <summary>An additional file as a summary: opened, or what is wrong with it.</summary>
sealed record SummaryText(SummaryFile? File, string? Problem)
{
    /// <summary>The compiler keeps what was made of a text as long as it keeps the text.</summary>
    public static readonly SourceTextValueProvider<SummaryText> Provider = new(Open);

    public static SummaryText Open(SourceText text)
    {
        try
        {
            return new SummaryText(SummaryFile.Open(Encoding.UTF8.GetBytes(text.ToString())), null);
        }
        catch (SummaryFormatException e)
        {
            return new SummaryText(null, e.Message);
        }
    }
}
