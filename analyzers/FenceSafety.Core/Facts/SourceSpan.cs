namespace FenceSafety.Core.Facts;

/// <summary>
/// A place in source. Ordered as messages are: by path (ordinal), then by position. The front end decides how it counts positions: here
/// they only have an order.
/// </summary>
public readonly record struct SourceSpan(string Path, long Start, long Length) : IComparable<SourceSpan>
{
    /// <summary>A place outside this compilation: a hop that is only text.</summary>
    public static readonly SourceSpan None = new("", -1, 0);

    public bool IsNone => Start < 0;

    public int CompareTo(SourceSpan other)
    {
        int c = string.CompareOrdinal(Path, other.Path);
        if (c == 0)
            c = Start.CompareTo(other.Start);
        return c != 0 ? c : Length.CompareTo(other.Length);
    }
}
