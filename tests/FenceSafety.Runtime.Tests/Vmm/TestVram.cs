using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>
/// The plainest allocator that is strict: hands frames out in a shuffled order, full of rubbish, refuses what is not allocated, and makes
/// every word of a freed frame a valid entry for <see cref="PoisonFrame"/>. Whoever still walks through a freed table gets there.
/// </summary>
internal sealed class TestVram : IVramAllocator
{
    public const ulong PoisonFrame = 0x5;

    private readonly SimulatedGpu _gpu;
    private readonly List<ulong> _free = [];
    private readonly HashSet<ulong> _used = [];
    private readonly object _gate = new();

    public TestVram(SimulatedGpu gpu, int frames, ulong firstFrame = 0x100)
    {
        _gpu = gpu;
        for (int i = 0; i < frames; i++)
            _free.Add(firstFrame + (ulong)i);
        ulong[] shuffled = [.. _free];
        new Random(frames).Shuffle(shuffled);
        _free = [.. shuffled];
        Capacity = frames;
    }

    public int Capacity { get; }

    public int Free => _free.Count;

    public int Used => _used.Count;

    public bool IsUsed(ulong frame) => _used.Contains(frame);

    public int Calls { get; private set; }

    /// <summary>Allocations that still succeed; then one fails.</summary>
    public int FailAfter { get; set; } = int.MaxValue;

    public void AllocateFrames(Span<VramFrame> frames)
    {
        lock (_gate)
        {
            Calls++;
            if (FailAfter-- == 0 || frames.Length > _free.Count)
            {
                FailAfter = int.MaxValue;
                throw new OutOfVideoMemoryException($"{frames.Length} frames wanted, {_free.Count} are free.");
            }

            foreach (ref VramFrame page in frames)
            {
                ulong frame = _free[^1];
                _free.RemoveAt(_free.Count - 1);
                _used.Add(frame);
                page = new VramFrame(new Pfn(frame).Address);
                for (ulong offset = 0; offset < 4096; offset += 8)
                    _gpu.PokeVram(page.Address.Raw + offset, 0xDEAD_BEEF_DEAD_BEEF);
            }
        }
    }

    public void FreeFrames(ReadOnlySpan<VramFrame> frames)
    {
        lock (_gate)
        {
            ulong poison = Pte.Vram(_gpu.Architecture.MmuVersion(), new Pfn(PoisonFrame), PageAttributes.ReadWrite).Raw;
            foreach (VramFrame page in frames)
            {
                if (!_used.Remove(page.Address.Pfn.Raw))
                    throw new ArgumentException($"{page.Address} is not allocated.", nameof(frames));
                _free.Add(page.Address.Pfn.Raw);
                for (ulong offset = 0; offset < 4096; offset += 8)
                    _gpu.PokeVram(page.Address.Raw + offset, poison);
            }
        }
    }
}
