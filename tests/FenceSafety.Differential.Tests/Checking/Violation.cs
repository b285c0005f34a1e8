namespace FenceSafety.Differential.Tests.Checking;

/// <summary>Something that happened and that a rule forbids.</summary>
/// <param name="Lines">Where it may be reported, from 1.</param>
/// <param name="Features">The features of the lines that led to it.</param>
internal sealed record Violation(string Rule, IReadOnlyCollection<int> Lines, IReadOnlyCollection<string> Features, string What)
{
    public override string ToString() => $"{Rule} at line {string.Join(" or ", Lines.Order())}: {What}";
}

/// <summary>A report of the analyzer.</summary>
/// <param name="Line">From 1.</param>
internal sealed record Report(string Rule, string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line} {Rule} {Message}";
}
