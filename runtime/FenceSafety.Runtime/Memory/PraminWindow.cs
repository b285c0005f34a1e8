using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// The held PRAMIN window. Addresses are those of video memory, aligned to the width of the access; the window is moved where it is
/// needed. Wrong addresses are an <see cref="ArgumentException"/>. A failing device is a <see cref="GpuAccessException"/>, or for the Try
/// and Run members a result, so that critical code can undo what it did.
/// </summary>
public readonly ref struct PraminWindow
{
    private readonly Pramin _pramin;
    private readonly SleepingMutex.Guard _guard;

    internal PraminWindow(Pramin pramin, SleepingMutex.Guard guard)
    {
        _pramin = pramin;
        _guard = guard;
    }

    /// <summary>Reads a byte.</summary>
    public byte Read8(VramAddress address) => (byte)Read(address, 1);

    /// <summary>Reads 16 bits.</summary>
    public ushort Read16(VramAddress address) => (ushort)Read(address, 2);

    /// <summary>Reads 32 bits.</summary>
    public uint Read32(VramAddress address) => (uint)Read(address, 4);

    /// <summary>Reads 64 bits.</summary>
    public ulong Read64(VramAddress address) => Read(address, 8);

    /// <summary>Writes a byte.</summary>
    public void Write8(VramAddress address, byte value) => Write(address, 1, value);

    /// <summary>Writes 16 bits.</summary>
    public void Write16(VramAddress address, ushort value) => Write(address, 2, value);

    /// <summary>Writes 32 bits.</summary>
    public void Write32(VramAddress address, uint value) => Write(address, 4, value);

    /// <summary>Writes 64 bits.</summary>
    public void Write64(VramAddress address, ulong value) => Write(address, 8, value);

    /// <summary>Reads 64 bits; false if the device failed.</summary>
    public bool TryRead64(VramAddress address, out ulong value) => _pramin.TryRead(address, 8, out value);

    /// <summary>Writes 64 bits with one store; false if the device failed.</summary>
    public bool TryWrite64(VramAddress address, ulong value) => _pramin.TryWrite(address, 8, value);

    /// <summary>Reads consecutive 64-bit words that lie in one window.</summary>
    /// <returns>How many were read: fewer than asked if the device failed.</returns>
    public int ReadRun(VramAddress address, Span<ulong> words) => _pramin.ReadRun(address, words);

    /// <summary>Writes consecutive 64-bit words that lie in one window, in ascending order.</summary>
    /// <returns>How many were written: fewer than given if the device failed.</returns>
    public int WriteRun(VramAddress address, ReadOnlySpan<ulong> words) => _pramin.WriteRun(address, words);

    /// <summary>Writes one value to consecutive 64-bit words that lie in one window.</summary>
    /// <returns>How many were written: fewer than asked if the device failed.</returns>
    public int FillRun(VramAddress address, int count, ulong value) => _pramin.FillRun(address, count, value);

    /// <summary>Orders the writes and gives the window back.</summary>
    public void Dispose()
    {
        try
        {
            _pramin.Settle();
        }
        finally
        {
            // Whatever the device does, the next one gets the window.
            _guard.Dispose();
        }
    }

    private ulong Read(VramAddress address, int width)
    {
        if (!_pramin.TryRead(address, width, out ulong value))
            ThrowFailed("read", address);
        return value;
    }

    private void Write(VramAddress address, int width, ulong value)
    {
        if (!_pramin.TryWrite(address, width, value))
            ThrowFailed("write", address);
    }

    private static void ThrowFailed(string what, VramAddress address) =>
        throw new GpuAccessException($"The {what} of {address} through the PRAMIN window failed.");
}
