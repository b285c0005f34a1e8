namespace FenceSafety.Differential.Tests.Checking;

/// <summary>Something that happened and that a rule forbids.</summary>
/// <param name="Lines">Where it may be reported, from 1.</param>
/// <param name="LockClasses">The locks that the report may name; null: any, or none.</param>
/// <param name="Features">The features of the lines that led to it.</param>
internal sealed record Violation(
    string Rule, IReadOnlyCollection<int> Lines, IReadOnlySet<string>? LockClasses, IReadOnlyCollection<string> Features, string What)
{
    /// <summary>The lines of the stack, innermost first.</summary>
    public IReadOnlyList<int> Stack { get; init; } = [];

    /// <summary>The lines of the stack from the first call on that cannot be seen through.</summary>
    public IReadOnlyList<int> Opaque { get; init; } = [];

    /// <summary>The locks that it is about, as messages call them.</summary>
    public IReadOnlyList<string> Locks { get; init; } = [];

    public string About => LockClasses is null ? "" : string.Join(" or ", LockClasses.Order(StringComparer.Ordinal));

    public override string ToString() => $"{Rule} at line {string.Join(" or ", Lines.Order())}{(LockClasses is null ? "" : " about " + About)}: {What}";
}

/// <summary>A report of the analyzer.</summary>
/// <param name="Line">From 1.</param>
/// <param name="LockClass">The lock that it is about, or null.</param>
internal sealed record Report(string Rule, string File, int Line, string? LockClass, string Message)
{
    public override string ToString() => $"{File}:{Line} {Rule} {Message}";
}
