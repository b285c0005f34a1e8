using FenceSafety.Runtime.Locking;
using FenceSafety.Runtime.Mmu;

namespace FenceSafety.Runtime.Memory;

/// <summary>
/// The 1 MiB window in BAR0 through which the CPU reaches video memory before (and below) any page table. One thread at a time uses
/// it, through <see cref="Window"/>. The lock is taken in fence-critical code: nothing may be allocated while it is held.
/// </summary>
public sealed class Pramin
{
    private const ulong Unknown = ulong.MaxValue;

    private readonly IGpuDevice _device;
    private readonly PraminHal _hal;
    private readonly ulong _end;

    [FenceSafeLock]
    [LockClass("pramin")]
    private readonly SleepingMutex _lock = new("pramin");

    private ulong _windowStart = Unknown;
    private bool _wrote;

    /// <summary>Opens the aperture of a device, for the whole of its video memory.</summary>
    /// <exception cref="ArgumentException">The window register of the family cannot reach all of the video memory.</exception>
    public Pramin(IGpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
        _hal = new PraminHal(device.Architecture);
        _end = device.VramSize;
        if (_end > _hal.Reach)
        {
            throw new ArgumentException(
                $"The window of {device.Architecture} reaches 0x{_hal.Reach:X} bytes, but the device has 0x{_end:X}.", nameof(device));
        }
    }

    /// <summary>First address behind the video memory.</summary>
    public VramAddress End => new(_end);

    /// <summary>Takes the window. Dispose the guard before anything is allocated.</summary>
    public PraminWindow Window() => new PraminWindow(this, _lock.Lock());

    /// <summary>Orders what was written: a read through the window cannot overtake the posted writes before it.</summary>
    internal void Settle()
    {
        if (!_wrote)
            return;
        _wrote = false;
        _device.TryReadAperture(PraminHal.ApertureOffset, 1, out _);
    }

    internal bool TryRead(VramAddress address, int width, out ulong value)
    {
        value = 0;
        Check(address, (ulong)width, (uint)width);
        return TryMove(address, (ulong)width, out uint offset) && _device.TryReadAperture(offset, width, out value);
    }

    internal bool TryWrite(VramAddress address, int width, ulong value)
    {
        Check(address, (ulong)width, (uint)width);
        _wrote = true;
        return TryMove(address, (ulong)width, out uint offset) && _device.TryWriteAperture(offset, width, value);
    }

    internal int ReadRun(VramAddress address, Span<ulong> words)
    {
        Check(address, (ulong)words.Length * sizeof(ulong), sizeof(ulong));
        return TryMove(address, (ulong)words.Length * sizeof(ulong), out uint offset) ? _device.ReadAperture64(offset, words) : 0;
    }

    internal int WriteRun(VramAddress address, ReadOnlySpan<ulong> words)
    {
        Check(address, (ulong)words.Length * sizeof(ulong), sizeof(ulong));
        _wrote = true;
        return TryMove(address, (ulong)words.Length * sizeof(ulong), out uint offset) ? _device.WriteAperture64(offset, words) : 0;
    }

    internal int FillRun(VramAddress address, int count, ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Check(address, (ulong)count * sizeof(ulong), sizeof(ulong));
        _wrote = true;
        return TryMove(address, (ulong)count * sizeof(ulong), out uint offset) ? _device.FillAperture64(offset, count, value) : 0;
    }

    /// <summary>Brings an access into the window. The old base is not restored: the next access looks for itself.</summary>
    private bool TryMove(VramAddress address, ulong bytes, out uint offset)
    {
        ulong start = _windowStart;
        if (address.Raw < start || address.Raw + bytes - start > PraminHal.WindowBytes)
        {
            // The megabyte around it, as neighbours in either direction are likely next; if the access crosses its end, from there on.
            start = address.Raw & ~(PraminHal.WindowBytes - 1);
            if (address.Raw + bytes - start > PraminHal.WindowBytes)
                start = address.Raw & ~(PraminHal.BaseAlignment - 1);
            if (!_device.TryWriteRegister(_hal.RegisterOffset, (uint)(start >> PraminHal.BaseShift)))
            {
                _windowStart = Unknown;
                offset = 0;
                return false;
            }

            _windowStart = start;
        }

        offset = PraminHal.ApertureOffset + (uint)(address.Raw - start);
        return true;
    }

    private void Check(VramAddress address, ulong bytes, uint alignment)
    {
        if ((address.Raw & (alignment - 1)) != 0)
            ThrowMisaligned(address, alignment);
        if (address.Raw >= _end || _end - address.Raw < bytes)
            ThrowOutside(address, bytes, _end);
        if ((address.Raw & (PraminHal.BaseAlignment - 1)) + bytes > PraminHal.WindowBytes)
            ThrowTooLong(address, bytes);
    }

    private static void ThrowMisaligned(VramAddress address, uint alignment) =>
        throw new ArgumentException($"{address} is not a multiple of {alignment}, the width of the access.", nameof(address));

    private static void ThrowOutside(VramAddress address, ulong bytes, ulong end) =>
        throw new ArgumentOutOfRangeException(
            nameof(address), $"{address} + {bytes} bytes ends behind the video memory of 0x{end:X} bytes.");

    private static void ThrowTooLong(VramAddress address, ulong bytes) =>
        throw new ArgumentOutOfRangeException(
            nameof(address), $"{bytes} bytes from {address} do not fit into one window of 0x{PraminHal.WindowBytes:X} bytes.");
}
