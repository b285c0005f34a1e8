namespace FenceSafety.Core.Summaries.External;

/// <summary>A summary file does not say what it should: the message names what is wrong and what would be right.</summary>
public sealed class SummaryFormatException(string message) : Exception(message);
