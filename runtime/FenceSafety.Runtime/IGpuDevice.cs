namespace FenceSafety.Runtime;

/// <summary>
/// The only seam between the driver and the hardware: BAR0, a timer and a short delay. Nothing behind it belongs to the driver, so its
/// members are trusted by the analyzer. A failed access returns <see langword="false"/> (or a short count): the caller decides what to
/// undo.
/// </summary>
public interface IGpuDevice
{
    /// <summary>The family of the chip.</summary>
    GpuArchitecture Architecture { [AssumeFenceSafe("hardware, not driver memory")] get; }

    /// <summary>Size of the video memory in bytes.</summary>
    ulong VramSize { [AssumeFenceSafe("hardware, not driver memory")] get; }

    /// <summary>The GPU's own monotonic timer, in nanoseconds. All time-outs of the driver are measured with it.</summary>
    ulong TimerNanoseconds { [AssumeFenceSafe("hardware, not driver memory")] get; }

    /// <summary>Busy-waits between two polls of a register.</summary>
    [AssumeFenceSafe("hardware, not driver memory")]
    void Delay(uint nanoseconds);

    /// <summary>Reads a 32-bit register.</summary>
    /// <param name="offset">Byte offset in BAR0, a multiple of 4.</param>
    /// <param name="value">What the register holds; undefined if the read failed.</param>
    [AssumeFenceSafe("hardware, not driver memory")]
    bool TryReadRegister(uint offset, out uint value);

    /// <summary>Writes a 32-bit register.</summary>
    /// <param name="offset">Byte offset in BAR0, a multiple of 4.</param>
    /// <param name="value">The value to write.</param>
    [AssumeFenceSafe("hardware, not driver memory")]
    bool TryWriteRegister(uint offset, uint value);

    /// <summary>Reads 1, 2, 4 or 8 bytes, little-endian, through the PRAMIN aperture.</summary>
    /// <param name="offset">Byte offset in BAR0, aligned to <paramref name="width"/>.</param>
    /// <param name="width">Number of bytes.</param>
    /// <param name="value">The bytes, zero-extended.</param>
    [AssumeFenceSafe("hardware, not driver memory")]
    bool TryReadAperture(uint offset, int width, out ulong value);

    /// <summary>Writes 1, 2, 4 or 8 bytes, little-endian, through the PRAMIN aperture.</summary>
    /// <param name="offset">Byte offset in BAR0, aligned to <paramref name="width"/>.</param>
    /// <param name="width">Number of bytes.</param>
    /// <param name="value">The bytes; what lies above <paramref name="width"/> is ignored.</param>
    [AssumeFenceSafe("hardware, not driver memory")]
    bool TryWriteAperture(uint offset, int width, ulong value);

    /// <summary>Reads consecutive 64-bit words through the PRAMIN aperture.</summary>
    /// <returns>How many words were read: fewer than asked if one failed.</returns>
    [AssumeFenceSafe("hardware, not driver memory")]
    int ReadAperture64(uint offset, Span<ulong> words);

    /// <summary>Writes consecutive 64-bit words through the PRAMIN aperture, in ascending order, each word with one store.</summary>
    /// <returns>How many words were written: fewer than given if one failed, and then exactly those before it.</returns>
    [AssumeFenceSafe("hardware, not driver memory")]
    int WriteAperture64(uint offset, ReadOnlySpan<ulong> words);

    /// <summary>Writes one 64-bit value to consecutive words through the PRAMIN aperture.</summary>
    /// <returns>How many words were written, as for <see cref="WriteAperture64"/>.</returns>
    [AssumeFenceSafe("hardware, not driver memory")]
    int FillAperture64(uint offset, int count, ulong value);
}
