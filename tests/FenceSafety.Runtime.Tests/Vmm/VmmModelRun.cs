using FenceSafety.Runtime.Memory;
using FenceSafety.Runtime.Mmu;
using FenceSafety.Runtime.Simulation;
using FenceSafety.Runtime.VirtualMemory;

namespace FenceSafety.Runtime.Tests.VirtualMemory;

/// <summary>
/// A long random life of an address space beside a dictionary of what should be mapped. After each step the frames and the addresses must
/// add up, and the hardware, TLB included, must say what the dictionary says.
/// </summary>
internal sealed class VmmModelRun(GpuArchitecture architecture, int seed) : IDisposable
{
    private const ulong Page = VmmFixture.Page;
    private static readonly ulong[] Regions = [0, 1UL << 21, 1UL << 29, 1UL << 30, 1UL << 38, 1UL << 47];

    private readonly VmmFixture _f = new(architecture, frames: 1500);
    private readonly Random _random = new(seed);
    private readonly List<PreparedMapping> _jobs = [];
    private readonly Dictionary<ulong, Mapped> _mapped = [];
    private readonly List<(ulong First, ulong Pages)> _quarantined = [];
    private readonly Queue<(ulong First, ulong Pages)> _formerly = new();

    public Dictionary<string, int> Seen { get; } = [];

    public void Run(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            switch (_random.Next(12))
            {
                case < 4:
                    Prepare();
                    break;
                case < 7:
                    Execute();
                    break;
                case 7:
                    Drop();
                    break;
                case < 10:
                    Unmap();
                    break;
                case 10:
                    Protect();
                    break;
                default:
                    Cleanup();
                    break;
            }

            _f.Gpu.Faults.Clear();
            _f.Vram.FailAfter = int.MaxValue;
            CheckConservation();
            CheckHardware(all: step % 20 == 0);
        }

        Finish();
    }

    public void Dispose() => _f.Dispose();

    private void Prepare()
    {
        ulong pages = _random.Next(40) == 0 ? 0x2_0000 : (ulong)(_random.Next(4) == 0 ? _random.Next(1, 1400) : _random.Next(1, 80));
        MapOptions options = new() { PageSizes = _random.Next(3) == 0 ? PageSizes.Size4K : PageSizes.All };
        if (_random.Next(4) != 0)
        {
            ulong region = Regions[_random.Next(Regions.Length)];
            ulong address = region + (ulong)_random.Next(1500) * Page;
            if (region != 0 && _random.Next(2) == 0)
                address -= (ulong)_random.Next(300) * Page;
            if (_random.Next(2) == 0)
                address &= ~0x1F_FFFFUL;
            options = options with { Address = new VirtualAddress(address) };
        }
        else if (_random.Next(2) == 0)
        {
            options = options with { Alignment = 1UL << _random.Next(12, 30) };
        }

        bool taken = options.Address is { } at && Reserved().Any(r => r.First < at.Vfn.Raw + pages && at.Vfn.Raw < r.First + r.Pages);
        bool starved = _random.Next(10) == 0;
        if (starved)
            _f.Vram.FailAfter = 0;
        bool faulty = _random.Next(10) == 0;
        if (faulty)
            _f.Gpu.Faults.FailWriteAfter(_random.Next(3000));
        try
        {
            _jobs.Add(_f.Vmm.PrepareMap(pages, options));
            Assert.False(taken, "an overlap was accepted");
            Count("prepared");
        }
        catch (ArgumentException) when (taken)
        {
            Count("overlap refused");
        }
        catch (OutOfVideoMemoryException)
        {
            Count("out of video memory");
        }
        catch (GpuAccessException) when (faulty)
        {
            Count("prepare failed");
        }
    }

    private void Execute()
    {
        if (_jobs.Count == 0)
            return;
        int which = _random.Next(_jobs.Count);
        PreparedMapping job = _jobs[which];
        Pfn[] frames = Frames((int)job.Pages);
        bool writable = _random.Next(2) == 0;
        bool faulty = Inject(400);
        try
        {
            MappedRange range = _f.Vmm.ExecuteMap(job, frames, new PageAttributes(writable));
            _jobs.RemoveAt(which);
            _mapped.Add(range.Start.Vfn.Raw, new Mapped(range, frames, writable));
            Count("executed");
        }
        catch (GpuException) when (faulty)
        {
            Count(job.State == JobState.Prepared ? "execute undone" : "execute owes an undo");
        }
    }

    private void Drop()
    {
        if (_jobs.Count == 0)
            return;
        int which = _random.Next(_jobs.Count);
        PreparedMapping job = _jobs[which];
        _jobs.RemoveAt(which);
        Inject(30);
        ulong before = _f.Vmm.ReservedPages;
        job.Dispose();
        ulong first = job.Start.Vfn.Raw;
        if (_f.Vmm.ReservedPages == before)
        {
            _quarantined.Add((first, job.Pages));
            Count("quarantined");
        }
        else
        {
            _formerly.Enqueue((first, job.Pages));
            Count("dropped");
        }
    }

    private void Unmap()
    {
        if (_mapped.Count == 0)
            return;
        Mapped mapped = _mapped.Values.ElementAt(_random.Next(_mapped.Count));
        bool faulty = Inject(60);
        try
        {
            _f.Vmm.UnmapPages(mapped.Range);
            _mapped.Remove(mapped.First);
            _formerly.Enqueue((mapped.First, mapped.Range.Pages));
            Count("unmapped");
        }
        catch (GpuException) when (faulty)
        {
            // One failure is undone; of several one may hit the undoing.
            mapped.Torn |= _failures > 1;
            Count(mapped.Torn ? "unmap torn" : "unmap undone");
        }
    }

    private void Protect()
    {
        if (_mapped.Count == 0)
            return;
        Mapped mapped = _mapped.Values.ElementAt(_random.Next(_mapped.Count));
        bool writable = _random.Next(2) == 0;
        bool faulty = Inject(60);
        try
        {
            _f.Vmm.ProtectPages(mapped.Range, writable);
            mapped.Writable = writable;
            Count("protected");
        }
        catch (GpuException) when (faulty)
        {
            mapped.Writable = _failures > 1 ? null : mapped.Writable;
            Count("protect failed");
        }
    }

    private void Cleanup()
    {
        bool faulty = Inject(30);
        bool trim = _random.Next(2) == 0;
        try
        {
            if (trim)
                _f.Vmm.TrimTables();
            else
                _f.Vmm.Cleanup();
            _quarantined.Clear();
            Count(trim ? "trimmed" : "cleaned up");
        }
        catch (GpuException) when (faulty)
        {
            // Some of the quarantined ranges may be free by now; the next success says which: all.
            Count("cleanup failed");
            _f.Gpu.Faults.Clear();
            _f.Vmm.Cleanup();
            _quarantined.Clear();
        }
    }

    private int _failures;

    private bool Inject(int range)
    {
        if (_random.Next(3) != 0)
            return false;
        _failures = _random.Next(3) == 0 ? _random.Next(2, 5) : 1;
        switch (_random.Next(4))
        {
            case 0:
                _f.Gpu.Faults.FailWriteAfter(_random.Next(range), _failures);
                break;
            case 1:
                _f.Gpu.Faults.FailReadAfter(_random.Next(range / 10), _failures);
                break;
            case 2:
                _f.Gpu.Faults.FailRegisterWriteAfter(_random.Next(6), _failures);
                break;
            default:
                _failures = 1;
                _f.Gpu.Faults.TlbHang = true;
                break;
        }

        return true;
    }

    private Pfn[] Frames(int pages)
    {
        if (_random.Next(2) == 0)
            return VmmFixture.Contiguous(0x2_0000 + (ulong)_random.Next(8) * (_random.Next(2) == 0 ? 512UL : 1), pages);
        Pfn[] frames = VmmFixture.Scattered(pages, _random.Next());
        for (int run = _random.Next(3); run > 0; run--)
        {
            int length = Math.Min(pages, 1 << _random.Next(11));
            VmmFixture.Contiguous(0x10_0000 + (ulong)_random.Next(16) * 16, length).CopyTo(frames, _random.Next(pages - length + 1) & ~15);
        }

        return frames;
    }

    private IEnumerable<(ulong First, ulong Pages)> Reserved() =>
        _jobs.Select(j => (j.Start.Vfn.Raw, j.Pages)).Concat(_mapped.Values.Select(m => (m.First, m.Range.Pages))).Concat(_quarantined);

    private void CheckConservation()
    {
        _f.AssertConserved([.. _jobs]);
        ulong expected = 0;
        foreach ((ulong _, ulong pages) in Reserved())
            expected += pages;
        Assert.Equal(expected, _f.Vmm.ReservedPages);
    }

    private void CheckHardware(bool all)
    {
        foreach (Mapped mapped in _mapped.Values)
        {
            int step = all ? mapped.Frames.Length / 3000 + 1 : mapped.Frames.Length / 8 + 1;
            for (int i = _random.Next(step); i < mapped.Frames.Length; i += step)
                CheckPage(mapped, i);
        }

        while (_formerly.Count > 6)
            _formerly.Dequeue();
        (ulong First, ulong Pages)[] reserved = [.. _mapped.Values.Select(m => (m.First, m.Range.Pages)), .. _quarantined];
        var prepared = _jobs.Where(j => j.State == JobState.Prepared).Select(j => (j.Start.Vfn.Raw, j.Pages));
        foreach ((ulong first, ulong pages) in _formerly.Concat(prepared))
        {
            ulong step = pages / (all ? 500UL : 20) + 1;
            for (ulong vfn = first; vfn < first + pages; vfn += step)
            {
                if (reserved.Any(r => vfn >= r.First && vfn < r.First + r.Pages) || IsOwed(vfn))
                    continue;
                Assert.False(_f.See(vfn * Page).IsMapped, $"0x{vfn:X} is still mapped");
                Assert.False(_f.Gpu.Mmu.TranslateUncached(_f.Root, vfn * Page).IsMapped);
            }
        }
    }

    private bool IsOwed(ulong vfn) =>
        _jobs.Any(j => j.State == JobState.UndoOwed && vfn >= j.Start.Vfn.Raw && vfn < j.Start.Vfn.Raw + j.Pages);

    private void CheckPage(Mapped mapped, int i)
    {
        ulong address = (mapped.First + (ulong)i) * Page;
        Translation seen = _f.See(address);
        if (mapped.Torn && !seen.IsMapped)
            return;
        Assert.Equal(MmuFault.None, seen.Fault);
        Assert.Equal(mapped.Frames[i].Address.Raw, seen.Physical);
        if (mapped.Writable is { } writable)
            Assert.Equal(writable, seen.Writable);
        if (!mapped.Torn && mapped.Writable is not null)
            Assert.Equal(seen, _f.Gpu.Mmu.TranslateUncached(_f.Root, address));
    }

    private void Finish()
    {
        CheckHardware(all: true);
        foreach (PreparedMapping job in _jobs)
            job.Dispose();
        foreach (Mapped mapped in _mapped.Values)
            _f.Vmm.UnmapPages(mapped.Range);
        _f.Vmm.TrimTables();
        Assert.Equal(0UL, _f.Vmm.ReservedPages);
        Assert.Equal(1, _f.Vram.Used);
    }

    private void Count(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;

    private sealed class Mapped(MappedRange range, Pfn[] frames, bool writable)
    {
        public MappedRange Range => range;

        public Pfn[] Frames => frames;

        /// <summary>Null if a failure has left it open.</summary>
        public bool? Writable { get; set; } = writable;

        public ulong First { get; } = range.Start.Vfn.Raw;

        /// <summary>An unmap failed, and so did undoing it: pages may be gone, but never elsewhere.</summary>
        public bool Torn { get; set; }
    }
}
