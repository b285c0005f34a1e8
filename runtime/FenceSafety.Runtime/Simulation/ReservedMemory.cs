using System.Runtime.InteropServices;

namespace FenceSafety.Runtime.Simulation;

/// <summary>
/// One range of address space that reads as zero and costs memory only where it was written. Unix commits on first touch by itself;
/// elsewhere a bitmap remembers which 64 KiB chunks are committed, so that also there a write takes nothing from the managed heap.
/// </summary>
internal sealed unsafe class ReservedMemory : IDisposable
{
    internal const int ChunkShift = 16;

    private readonly object _commitGate = new();
    private readonly ulong[]? _committed;
    private byte* _base;

    /// <param name="size">Bytes to reserve.</param>
    /// <param name="trackCommits">Commit chunk by chunk; always so on Windows.</param>
    internal ReservedMemory(ulong size, bool trackCommits = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        Size = size;
        trackCommits |= OperatingSystem.IsWindows();
        if (trackCommits)
            _committed = new ulong[checked((int)((size >> ChunkShift) / 64 + 1))];
        _base = PlatformMemory.Reserve((nuint)size, accessible: !trackCommits);
    }

    ~ReservedMemory() => Release();

    internal ulong Size { get; }

    internal bool IsReleased => _base == null;

    internal ulong Read(ulong offset, int width)
    {
        byte* at = At(offset, width);
        if (!IsCommitted(offset))
            return 0;
        return width switch
        {
            1 => *at,
            2 => *(ushort*)at,
            4 => *(uint*)at,
            _ => Volatile.Read(ref *(ulong*)at),
        };
    }

    internal void Write(ulong offset, int width, ulong value)
    {
        byte* at = At(offset, width);
        Commit(offset);
        switch (width)
        {
            case 1:
                *at = (byte)value;
                break;
            case 2:
                *(ushort*)at = (ushort)value;
                break;
            case 4:
                *(uint*)at = (uint)value;
                break;
            default:
                Volatile.Write(ref *(ulong*)at, value);
                break;
        }
    }

    /// <summary>Consecutive words that are about to be written. The range must not cross a chunk.</summary>
    internal Span<ulong> WordsForWrite(ulong offset, int count)
    {
        byte* at = At(offset, count * sizeof(ulong));
        Commit(offset);
        return new Span<ulong>(at, count);
    }

    /// <summary>Reads consecutive words. The range must not cross a chunk.</summary>
    internal void ReadWords(ulong offset, Span<ulong> words)
    {
        byte* at = At(offset, words.Length * sizeof(ulong));
        if (IsCommitted(offset))
            new ReadOnlySpan<ulong>(at, words.Length).CopyTo(words);
        else
            words.Clear();
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private byte* At(ulong offset, int width)
    {
        ObjectDisposedException.ThrowIf(_base == null, this);
        if (offset >= Size || Size - offset < (ulong)width)
            throw new ArgumentOutOfRangeException(nameof(offset), $"0x{offset:X} + {width} is outside the {Size} reserved bytes.");
        return _base + offset;
    }

    private bool IsCommitted(ulong offset)
    {
        if (_committed is null)
            return true;
        ulong chunk = offset >> ChunkShift;
        return (Volatile.Read(ref _committed[chunk >> 6]) >> (int)(chunk & 63) & 1) != 0;
    }

    private void Commit(ulong offset)
    {
        if (IsCommitted(offset))
            return;
        lock (_commitGate)
        {
            ulong start = offset >> ChunkShift << ChunkShift;
            PlatformMemory.Commit(_base + start, (nuint)Math.Min(1UL << ChunkShift, Size - start));
            ulong chunk = offset >> ChunkShift;
            Volatile.Write(ref _committed![chunk >> 6], _committed[chunk >> 6] | 1UL << (int)(chunk & 63));
        }
    }

    private void Release()
    {
        if (_base == null)
            return;
        PlatformMemory.Release(_base, (nuint)Size);
        _base = null;
    }
}
