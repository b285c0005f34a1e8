namespace VmBindDriver;

/// <summary>What a queue did, and what it cost. Used by the queue's thread alone.</summary>
internal sealed class BindCosts
{
    public int Jobs { get; set; }

    public long Pages { get; set; }

    /// <summary>Page tables that were brought along; those that are there already are not.</summary>
    public long Tables { get; set; }

    /// <summary>Pages of 4 KiB that the GPU saw where they were mapped.</summary>
    public long Seen { get; set; }

    /// <summary>Pages of 4 KiB that the GPU could not access any more once they were unmapped.</summary>
    public long Gone { get; set; }

    /// <summary>Size in bytes of the smallest page that the GPU saw.</summary>
    public ulong PageBytes { get; set; } = ulong.MaxValue;

    /// <summary>Bytes of the managed heap that the run stages took, once all code had run for the first time.</summary>
    public long HeapBytes { get; set; }

    /// <summary>Whether all that was mapped was seen, and gone afterwards, and the run stage took no memory.</summary>
    public bool AreRight(long pages) => Pages == pages && Seen == pages && Gone == pages && HeapBytes == 0;
}
