namespace FenceSafety.Runtime.Simulation;

/// <summary>
/// The TLB-invalidate registers. A trigger takes <see cref="FaultInjector.TlbDelay"/> of device time until the near TLBs have dropped their
/// entries, and <see cref="FaultInjector.TlbGlobalLag"/> more until the far ones have; the trigger bit reads as zero at the end of
/// the second phase if the global acknowledgement was asked for, else at the end of the first.
/// </summary>
internal sealed class TlbUnit(FaultInjector faults, HardwareTlb cache)
{
    internal const uint PdbLow = 0x00B8_30A0;
    internal const uint PdbHigh = 0x00B8_30A4;
    internal const uint Control = 0x00B8_30B0;

    private const uint AllAddresses = 1u << 0;
    private const uint AllRoots = 1u << 1;
    private const uint AckMask = 3u << 7;
    private const uint AckGlobally = 1u << 7;
    private const uint TriggerBit = 1u << 31;

    private readonly Queue<(ulong At, ulong? Root)> _drops = new(64);
    private uint _low;
    private uint _high;
    private uint _control;
    private ulong _acknowledgedAt;
    private ulong _droppedAt;
    private bool _running;
    private bool _stuck;

    /// <summary>The last control word that carried a trigger.</summary>
    internal uint LastCommand { get; private set; }

    internal static bool Owns(uint offset) => offset is PdbLow or PdbHigh or Control;

    internal uint Read(uint offset, ulong now)
    {
        Advance(now);
        return offset switch
        {
            PdbLow => _low,
            PdbHigh => _high,
            _ => _control,
        };
    }

    /// <returns>Whether this write triggered an invalidation.</returns>
    internal bool Write(uint offset, uint value, ulong now)
    {
        Advance(now);
        switch (offset)
        {
            case PdbLow:
                _low = value;
                return false;
            case PdbHigh:
                _high = value;
                return false;
            default:
                _control = value;
                if ((value & TriggerBit) == 0)
                    return false;
                Start(value, now);
                return true;
        }
    }

    /// <summary>Lets everything happen that is due.</summary>
    internal void Advance(ulong now)
    {
        if (_stuck && !faults.TlbHang)
        {
            _stuck = false;
            Start(LastCommand, now);
        }

        while (_drops.TryPeek(out var drop) && drop.At <= now)
        {
            _drops.Dequeue();
            cache.Drop(drop.Root);
        }

        if (_running && !_stuck && now >= _acknowledgedAt)
        {
            _running = false;
            _control &= ~TriggerBit;
        }
    }

    private void Start(uint command, ulong now)
    {
        LastCommand = command;
        _running = true;
        _stuck = faults.TlbHang;
        if (_stuck)
            return;
        _droppedAt = now + faults.TlbDelay + faults.TlbGlobalLag;
        bool global = (command & AckMask) == AckGlobally;
        _acknowledgedAt = global ? _droppedAt : now + faults.TlbDelay;

        // ADDR in 31:4 is the root's address from bit 12 on, the upper register continues at bit 40.
        ulong root = (ulong)(_low >> 4) << 12 | (ulong)(_high & 0xF_FFFF) << 40;
        if ((command & AllAddresses) != 0)
            _drops.Enqueue((_droppedAt, (command & AllRoots) != 0 ? null : root));
        Advance(now);
    }
}
