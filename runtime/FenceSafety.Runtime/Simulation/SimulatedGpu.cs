namespace FenceSafety.Runtime.Simulation;

/// <summary>
/// A GPU without the silicon: video memory of which only touched pages cost anything, the BAR0 registers that the driver needs, and the
/// <see cref="HardwareMmu"/>. Time is device time: it advances with accesses and <see cref="Delay"/>, so that a time-out of two seconds
/// is tested in milliseconds.
/// </summary>
public sealed class SimulatedGpu : IGpuDevice, IDisposable
{
    /// <summary>The largest video memory that is simulated: 256 GiB.</summary>
    public const ulong MaxVramSize = 256UL << 30;

    /// <summary>What a register reads as that the chip does not have.</summary>
    public const uint UnknownRegisterValue = 0xBADF_5040;

    private const ulong NanosecondsPerAccess = 100;

    private readonly object _registerGate = new();
    private readonly ReservedMemory _vram;
    private readonly PraminRegisters _pramin;
    private readonly TlbUnit _tlbUnit;
    private ulong _now;

    /// <summary>Powers a GPU on.</summary>
    /// <param name="architecture">The family of the chip.</param>
    /// <param name="vramSize">Bytes of video memory: a multiple of 64 KiB, at most <see cref="MaxVramSize"/>.</param>
    public SimulatedGpu(GpuArchitecture architecture, ulong vramSize)
    {
        if (!Enum.IsDefined(architecture))
            throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "No such GPU family.");
        if (vramSize == 0 || vramSize > MaxVramSize || (vramSize & 0xFFFF) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(vramSize), vramSize, $"A video memory is a multiple of 0x10000 between 0x10000 and 0x{MaxVramSize:X}.");
        }

        Architecture = architecture;
        _vram = new ReservedMemory(vramSize);
        _pramin = new PraminRegisters(architecture);
        var cache = new HardwareTlb();
        _tlbUnit = new TlbUnit(Faults, cache);
        Mmu = new HardwareMmu(_vram, cache, architecture >= GpuArchitecture.Hopper);
    }

    /// <inheritdoc/>
    public GpuArchitecture Architecture { get; }

    /// <inheritdoc/>
    public ulong VramSize => _vram.Size;

    /// <inheritdoc/>
    public ulong TimerNanoseconds => Volatile.Read(ref _now);

    /// <summary>What is to go wrong.</summary>
    public FaultInjector Faults { get; } = new();

    /// <summary>What the driver did.</summary>
    public DeviceCounters Counters { get; } = new();

    /// <summary>The GPU's translator.</summary>
    public HardwareMmu Mmu { get; }

    /// <summary>Control word of the last TLB invalidation.</summary>
    public uint LastTlbCommand => _tlbUnit.LastCommand;

    /// <inheritdoc/>
    public void Delay(uint nanoseconds) => AdvanceTime(nanoseconds);

    /// <summary>Lets device time pass.</summary>
    public void AdvanceTime(ulong nanoseconds)
    {
        lock (_registerGate)
        {
            _now += nanoseconds;
            _tlbUnit.Advance(_now);
        }
    }

    /// <inheritdoc/>
    public bool TryReadRegister(uint offset, out uint value)
    {
        lock (_registerGate)
        {
            _now += NanosecondsPerAccess;
            Counters.RegisterReads++;
            if (TlbUnit.Owns(offset))
                value = _tlbUnit.Read(offset, _now);
            else if (offset == _pramin.Offset)
                value = _pramin.Value;
            else
                value = UnknownRegister();
            return true;
        }
    }

    /// <inheritdoc/>
    public bool TryWriteRegister(uint offset, uint value)
    {
        lock (_registerGate)
        {
            _now += NanosecondsPerAccess;
            if (!Faults.AllowRegisterWrite())
                return false;
            Counters.RegisterWrites++;
            if (TlbUnit.Owns(offset))
            {
                if (_tlbUnit.Write(offset, value, _now))
                    Counters.TlbInvalidations++;
            }
            else if (offset == _pramin.Offset)
            {
                _pramin.Write(value);
                Counters.WindowMoves++;
            }
            else
            {
                UnknownRegister();
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public bool TryReadAperture(uint offset, int width, out ulong value)
    {
        value = 0;
        if (!TryLocate(offset, (uint)width, out ulong address) || Faults.AllowReads(1) == 0)
            return false;
        Counters.WordsRead++;
        value = _vram.Read(address, width);
        return true;
    }

    /// <inheritdoc/>
    public bool TryWriteAperture(uint offset, int width, ulong value)
    {
        if (!TryLocate(offset, (uint)width, out ulong address) || Faults.AllowWrites(1) == 0)
            return false;
        Counters.WordsWritten++;
        _vram.Write(address, width, value);
        return true;
    }

    /// <inheritdoc/>
    public int ReadAperture64(uint offset, Span<ulong> words)
    {
        int done = 0;
        while (done < words.Length && TryLocateRun(offset, done, words.Length, out ulong address, out int run))
        {
            int allowed = Faults.AllowReads(run);
            _vram.ReadWords(address, words.Slice(done, allowed));
            done += allowed;
            if (allowed < run)
                break;
        }

        Counters.WordsRead += done;
        return done;
    }

    /// <inheritdoc/>
    public int WriteAperture64(uint offset, ReadOnlySpan<ulong> words)
    {
        int done = 0;
        while (done < words.Length && TryLocateRun(offset, done, words.Length, out ulong address, out int run))
        {
            int allowed = Faults.AllowWrites(run);
            words.Slice(done, allowed).CopyTo(_vram.WordsForWrite(address, allowed));
            done += allowed;
            if (allowed < run)
                break;
        }

        Counters.WordsWritten += done;
        return done;
    }

    /// <inheritdoc/>
    public int FillAperture64(uint offset, int count, ulong value)
    {
        int done = 0;
        while (done < count && TryLocateRun(offset, done, count, out ulong address, out int run))
        {
            int allowed = Faults.AllowWrites(run);
            Span<ulong> words = _vram.WordsForWrite(address, allowed);
            if (value == 0)
                words.Clear();
            else
                words.Fill(value);
            done += allowed;
            if (allowed < run)
                break;
        }

        Counters.WordsWritten += done;
        return done;
    }

    /// <summary>Reads a word of video memory behind the driver's back.</summary>
    /// <param name="address">Video-memory address, a multiple of 8.</param>
    public ulong PeekVram(ulong address) => _vram.Read(CheckWord(address), sizeof(ulong));

    /// <summary>Writes a word of video memory behind the driver's back, as firmware or a stray DMA would.</summary>
    /// <param name="address">Video-memory address, a multiple of 8.</param>
    /// <param name="value">The word.</param>
    public void PokeVram(ulong address, ulong value) => _vram.Write(CheckWord(address), sizeof(ulong), value);

    /// <summary>Gives the video memory back. What the driver accesses from then on fails, as on a GPU that is gone.</summary>
    public void Dispose() => _vram.Dispose();

    private ulong CheckWord(ulong address)
    {
        if ((address & 7) != 0 || address >= VramSize)
            throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:X} must be a multiple of 8 below 0x{VramSize:X}.");
        return address;
    }

    private uint UnknownRegister()
    {
        Counters.UnknownRegisters++;
        return UnknownRegisterValue;
    }

    /// <summary>Where an aperture access lands; false where a real chip would answer with an error.</summary>
    private bool TryLocate(uint offset, uint width, out ulong address)
    {
        uint at = offset - PraminRegisters.ApertureStart;
        address = _pramin.WindowStart + at;
        return at < PraminRegisters.ApertureSize && PraminRegisters.ApertureSize - at >= width && (offset & (width - 1)) == 0
            && !_vram.IsReleased && _pramin.ShowsVideoMemory && address < VramSize && VramSize - address >= width;
    }

    /// <summary>The next words of a run: up to the end of a 64 KiB chunk, of the aperture and of the memory.</summary>
    private bool TryLocateRun(uint offset, int done, int count, out ulong address, out int run)
    {
        run = 0;
        uint at = offset + (uint)done * sizeof(ulong);
        if (!TryLocate(at, sizeof(ulong), out address))
            return false;
        const uint chunk = 1u << ReservedMemory.ChunkShift;
        run = (int)Math.Min((uint)(count - done), (chunk - (at & (chunk - 1))) / sizeof(ulong));
        return true;
    }
}
