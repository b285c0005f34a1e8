namespace FenceSafety.Runtime.Mmu;

/// <summary>A directory entry of either format.</summary>
/// <param name="Version">The format.</param>
/// <param name="Raw">The 64 bits.</param>
public readonly record struct Pde(MmuVersion Version, ulong Raw)
{
    /// <summary>An entry for a table in video memory.</summary>
    /// <exception cref="ArgumentException">The address is not that of a frame.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The address does not fit its field.</exception>
    public static Pde Vram(MmuVersion version, VramAddress table)
    {
        if (!table.IsAligned(MmuLayout.PageBytes))
            ThrowMisaligned(table);
        return new Pde(version, version == MmuVersion.V2
            ? new PdeV2(0) { Aperture = PdeAperture.VideoMemory, VideoFrame = table.Pfn }.Raw
            : new PdeV3(0) { Aperture = PdeAperture.VideoMemory, Frame = table.Pfn }.Raw);
    }

    /// <summary>The empty entry: all zero.</summary>
    public static Pde Invalid(MmuVersion version) => new(version, 0);

    /// <summary>An entry without a table whose range is sparse.</summary>
    public static Pde Sparse(MmuVersion version) =>
        version == MmuVersion.V2
            ? new Pde(version, new PdeV2(0) { IsVolatile = true }.Raw)
            : new Pde(version, new PdeV3(0) { Pcf = PdePcf.UncachedOrSparse }.Raw);

    /// <summary>Whether the entry is a page.</summary>
    public bool IsPte => (Raw & 1) != 0;

    /// <summary>Whether the entry names a table, wherever it lies.</summary>
    public bool IsValid => Version == MmuVersion.V2 ? new PdeV2(Raw).IsValid : new PdeV3(Raw).IsValid;

    /// <summary>Whether it names none, but the range is sparse.</summary>
    public bool IsSparse => Version == MmuVersion.V2 ? new PdeV2(Raw).IsSparse : new PdeV3(Raw).IsSparse;

    /// <summary>Where the table lies.</summary>
    public PdeAperture Aperture => Version == MmuVersion.V2 ? new PdeV2(Raw).Aperture : new PdeV3(Raw).Aperture;

    /// <summary>Whether the entry names a table in video memory: the only ones that the driver can follow.</summary>
    public bool IsValidVram => IsValid && Aperture == PdeAperture.VideoMemory;

    /// <summary>The table, if <see cref="IsValidVram"/>.</summary>
    public VramAddress Table => (Version == MmuVersion.V2 ? new PdeV2(Raw).VideoFrame : new PdeV3(Raw).Frame).Address;

    private static void ThrowMisaligned(VramAddress table) =>
        throw new ArgumentException($"{table} is not a multiple of 0x{MmuLayout.PageBytes:X}.", nameof(table));
}
