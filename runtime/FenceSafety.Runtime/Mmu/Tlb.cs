using FenceSafety.Runtime.Locking;

namespace FenceSafety.Runtime.Mmu;

/// <summary>What an invalidation waits for before it counts as done.</summary>
public enum TlbAck
{
    /// <summary>The hub took it. Enough where only entries were added that were invalid before: those are never cached.</summary>
    None = 0,

    /// <summary>Every TLB has dropped its entries. Needed before anything that was mapped is used otherwise.</summary>
    Globally = 1,

    /// <summary>Every TLB on this node.</summary>
    Intranode = 2,
}

/// <summary>
/// TLB invalidation: registers MMU_INVALIDATE_PDB, _UPPER_PDB and MMU_INVALIDATE of the virtual-function space. One at a time; the lock is
/// taken in fence-critical code.
/// </summary>
public sealed class Tlb
{
    /// <summary>How long an invalidation may take, in nanoseconds of the device's timer: 2 s.</summary>
    public const ulong TimeoutNanoseconds = 2_000_000_000;

    // An invalidation takes microseconds; one that takes longer is not waited for as eagerly.
    private const uint FirstPollNanoseconds = 1_000;
    private const uint LaterPollNanoseconds = 20_000;
    private const int FirstPolls = 100;
    private const uint RootLow = 0xB8_30A0;
    private const uint RootHigh = 0xB8_30A4;
    private const uint Control = 0xB8_30B0;
    private const uint AllAddresses = 1u << 0;
    private const uint SystemBarrier = 1u << 6;
    private const int AckShift = 7;
    private const uint Trigger = 1u << 31;

    private readonly IGpuDevice _device;

    [FenceSafeLock]
    [LockClass("tlb_flush")]
    private readonly SleepingMutex _lock = new("tlb_flush");

    /// <summary>The TLBs of a device.</summary>
    public Tlb(IGpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
    }

    /// <summary>Drops every translation that was read through a root table, and waits.</summary>
    /// <param name="root">Video-memory address of the root table, a multiple of 4 KiB below 2^48.</param>
    /// <param name="ack">What to wait for.</param>
    /// <exception cref="ArgumentException">The address is misaligned or does not fit the registers.</exception>
    /// <exception cref="GpuTimeoutException">The hardware did not finish within <see cref="TimeoutNanoseconds"/>.</exception>
    /// <exception cref="GpuAccessException">A register could not be accessed.</exception>
    [FenceCritical]
    public void Flush(VramAddress root, TlbAck ack) => Check(TryFlush(root, ack));

    /// <summary>Throws what a status stands for.</summary>
    internal static void Check(GpuStatus status)
    {
        if (status == GpuStatus.TimedOut)
            throw new GpuTimeoutException($"The TLB invalidation did not finish within {TimeoutNanoseconds / 1_000_000} ms.");
        if (status != GpuStatus.Ok)
            throw new GpuAccessException("A TLB-invalidate register could not be accessed.");
    }

    [FenceCritical]
    internal GpuStatus TryFlush(VramAddress root, TlbAck ack)
    {
        if (!root.IsAligned(MmuLayout.PageBytes) || root.Raw >> 48 != 0)
            ThrowBadRoot(root);
        if ((uint)ack > (uint)TlbAck.Intranode)
            ThrowBadAck(ack);
        using SleepingMutex.Guard guard = _lock.Lock();

        // An invalidation that timed out may still be running; its root must not be overwritten under it.
        GpuStatus idle = WaitIdle();
        if (idle != GpuStatus.Ok)
            return idle;

        uint command = AllAddresses | (uint)ack << AckShift | Trigger;
        if (ack != TlbAck.None)
            command |= SystemBarrier;
        if (!_device.TryWriteRegister(RootLow, (uint)(root.Raw >> 8))
            || !_device.TryWriteRegister(RootHigh, (uint)(root.Raw >> 40))
            || !_device.TryWriteRegister(Control, command))
        {
            return GpuStatus.AccessFailed;
        }

        return WaitIdle();
    }

    private GpuStatus WaitIdle()
    {
        ulong start = _device.TimerNanoseconds;
        for (int polls = 0; ; polls++)
        {
            if (!_device.TryReadRegister(Control, out uint control))
                return GpuStatus.AccessFailed;
            if ((control & Trigger) == 0)
                return GpuStatus.Ok;
            if (_device.TimerNanoseconds - start > TimeoutNanoseconds)
                return GpuStatus.TimedOut;
            _device.Delay(polls < FirstPolls ? FirstPollNanoseconds : LaterPollNanoseconds);
        }
    }

    private static void ThrowBadRoot(VramAddress root) =>
        throw new ArgumentException($"{root} must be a multiple of 0x{MmuLayout.PageBytes:X} below 2^48.", nameof(root));

    private static void ThrowBadAck(TlbAck ack) =>
        throw new ArgumentOutOfRangeException(nameof(ack), ack, "No such acknowledgement.");
}
