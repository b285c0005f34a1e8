namespace FenceSafety.Runtime.VirtualMemory;

/// <summary>
/// A reserved range of virtual page numbers, and the node of the tree that holds it: made by prepare, so that neither reserving nor
/// releasing allocates.
/// </summary>
internal sealed class VaRange
{
    internal ulong First;
    internal ulong Pages;
    internal VaRange? Left;
    internal VaRange? Right;
    internal ulong Priority;

    // Of the subtree: where it begins and ends, and the largest gap between two of its ranges.
    internal ulong SubtreeFirst;
    internal ulong SubtreeEnd;
    internal ulong LargestGap;

    internal ulong End => First + Pages;

    internal bool IsReserved { get; set; }

    /// <summary>Whether entries of ours may stand in the tables.</summary>
    internal bool IsWritten { get; set; }

    internal void Update()
    {
        SubtreeFirst = Left?.SubtreeFirst ?? First;
        SubtreeEnd = Right?.SubtreeEnd ?? End;
        LargestGap = 0;
        if (Left is { } left)
            LargestGap = Math.Max(left.LargestGap, First - left.SubtreeEnd);
        if (Right is { } right)
            LargestGap = Math.Max(LargestGap, Math.Max(right.LargestGap, right.SubtreeFirst - End));
    }
}
