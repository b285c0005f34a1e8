namespace FenceSafety.Runtime.Mmu;

/// <summary>How a walk ended.</summary>
public enum WalkOutcome
{
    /// <summary>A directory entry names no table (or one that is not in video memory).</summary>
    TableMissing,

    /// <summary>There is a page table, but the entry is invalid.</summary>
    Unmapped,

    /// <summary>The entry, or a directory entry above it, is invalid but sparse.</summary>
    Sparse,

    /// <summary>The page is mapped.</summary>
    Mapped,
}

/// <summary>What the driver's walker found.</summary>
/// <param name="Outcome">How the walk ended.</param>
/// <param name="Level">Level of the table that holds <paramref name="Slot"/>.</param>
/// <param name="Slot">Address of the deciding entry: where a table would be installed, or the page-table entry.</param>
/// <param name="Entry">The page-table entry, if the page is mapped.</param>
/// <param name="PageShift">The page spans two to this power pages of 4 KiB: 0, 4, 9 or 17.</param>
public readonly record struct WalkResult(
    WalkOutcome Outcome, PageTableLevel Level, VramAddress Slot, Pte Entry = default, int PageShift = 0);
