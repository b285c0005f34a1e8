namespace FenceSafety.Core.Summaries.External;

/// <summary>What it cost to make a summary, in counts that are the same on every machine.</summary>
/// <param name="Bodies">Bodies of the assembly.</param>
/// <param name="Solved">How often the flow of a body was solved.</param>
/// <param name="Visits">How often a body's summary was made.</param>
/// <param name="Bounded">Bodies that reach so much that part of it is one unknown call.</param>
public sealed record SummaryWork(int Bodies, int Solved, int Visits, int Bounded);
