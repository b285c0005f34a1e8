using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using FenceSafety;

namespace FreshConsole;

/// <summary>What a driver does when the device says that jobs are done: thirty members of the framework, and no memory.</summary>
public sealed class CompletionQueue
{
    private readonly ConcurrentQueue<int> _arrived = new();
    private readonly Dictionary<int, long> _started = new(64);
    private readonly List<int> _order = new(64);
    private readonly byte[] _ring = new byte[4096];
    private readonly int[] _slots = new int[64];
    private readonly ManualResetEventSlim _idle = new();
    private int _head;
    private int _state;
    private int _signalled;
    private double _slowest;

    [FenceCritical]
    public int Signal(ReadOnlySpan<byte> interrupt, CancellationToken stop)
    {
        uint mask = BinaryPrimitives.ReadUInt32LittleEndian(interrupt);
        int length = Math.Min(interrupt.Length - 4, 64);
        interrupt.Slice(4, length).CopyTo(_ring.AsSpan(_head));
        while (mask != 0 && !stop.IsCancellationRequested)
        {
            int slot = BitOperations.TrailingZeroCount(mask);
            mask &= mask - 1;
            int job = Volatile.Read(ref _slots[slot]);
            if (_started.TryGetValue(job, out long started))
            {
                double time = Stopwatch.GetElapsedTime(started, Stopwatch.GetTimestamp()).TotalMilliseconds;
                _slowest = Math.Max(_slowest, time);
                _started.Remove(job);
            }

            Volatile.Write(ref _slots[slot], 0);
            Interlocked.Increment(ref _signalled);
        }

        if (Interlocked.CompareExchange(ref _state, 1, 0) == 0 && _arrived.TryDequeue(out int next))
            _slots[Math.Clamp(Array.IndexOf(_slots, 0), 0, 63)] = next;
        for (int i = 0; i < _order.Count; i++)
            BinaryPrimitives.WriteInt32LittleEndian(_ring.AsSpan(4 * i), _order[i]);
        _order.Clear();
        Interlocked.Exchange(ref _head, HashCode.Combine(_head, BitOperations.PopCount(mask)) & 1023);
        MemoryMarshal.Cast<byte, int>(_ring.AsSpan(2048)).Fill(0);
        Array.Clear(_slots, 32, 32);
        if (_arrived.IsEmpty)
            _idle.Set();
        return _signalled + (int)Environment.TickCount64;
    }
}
