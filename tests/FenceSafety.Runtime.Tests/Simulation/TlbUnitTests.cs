using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.Simulation;

/// <summary>The invalidate registers driven by hand, and what the hardware remembers until then.</summary>
public class TlbUnitTests
{
    private const uint RootLow = 0xB8_30A0;
    private const uint RootHigh = 0xB8_30A4;
    private const uint Control = 0xB8_30B0;
    private const uint Trigger = 1u << 31;
    private const uint AckGlobally = 1u << 7;

    [Fact]
    public void A_stale_translation_lives_until_its_own_root_is_invalidated()
    {
        using var gpu = NewGpu();
        Assert.True(gpu.Mmu.Translate(0x1000, 0).IsMapped);
        gpu.PokeVram(0x5000, 0);
        Assert.True(gpu.Mmu.Translate(0x1000, 0).IsMapped);
        Assert.False(gpu.Mmu.TranslateUncached(0x1000, 0).IsMapped);

        Invalidate(gpu, 0x9000, 1);
        Assert.True(gpu.Mmu.Translate(0x1000, 0).IsMapped);
        Invalidate(gpu, 0x1000, 1);
        Assert.False(gpu.Mmu.Translate(0x1000, 0).IsMapped);
        Assert.Equal(2, gpu.Counters.TlbInvalidations);
    }

    [Fact]
    public void All_roots_at_once_and_a_command_without_addresses()
    {
        using var gpu = NewGpu();
        gpu.Mmu.Translate(0x1000, 0);
        Invalidate(gpu, 0x1000, 0);
        Assert.NotEqual(0, gpu.Mmu.CachedEntries);
        Invalidate(gpu, 0x9000, 3);
        Assert.Equal(0, gpu.Mmu.CachedEntries);
    }

    [Fact]
    public void The_upper_register_continues_the_root_at_bit_40()
    {
        using var gpu = NewGpu();
        gpu.Mmu.Translate(0x1000, 0);
        gpu.TryWriteRegister(RootHigh, 1);
        Invalidate(gpu, 0x1000, 1);
        Assert.NotEqual(0, gpu.Mmu.CachedEntries);
        gpu.TryWriteRegister(RootHigh, 0);
        Invalidate(gpu, 0x1000, 1);
        Assert.Equal(0, gpu.Mmu.CachedEntries);
    }

    [Fact]
    public void Directory_entries_are_remembered_too()
    {
        using var gpu = NewGpu();
        gpu.Mmu.Translate(0x1000, 0);

        // The directory now leads to another table, but a page that was never asked for is still found through the old one.
        gpu.PokeVram(0x4000 + 8, 0x602);
        gpu.PokeVram(0x5000 + 8, 0x7701);
        Assert.Equal(0x7_7000UL, gpu.Mmu.Translate(0x1000, 0x1000).Physical);
        Assert.False(gpu.Mmu.TranslateUncached(0x1000, 0x1000).IsMapped);
    }

    [Fact]
    public void The_trigger_reads_as_set_for_the_delay_and_the_entries_live_as_long()
    {
        using var gpu = NewGpu();
        gpu.Mmu.Translate(0x1000, 0);
        gpu.Faults.TlbDelay = 10_000;
        Invalidate(gpu, 0x1000, 1 | AckGlobally);
        Assert.NotEqual(0u, ReadControl(gpu) & Trigger);
        Assert.NotEqual(0, gpu.Mmu.CachedEntries);
        gpu.AdvanceTime(10_000);
        Assert.Equal(0u, ReadControl(gpu) & Trigger);
        Assert.Equal(0, gpu.Mmu.CachedEntries);
    }

    [Theory]
    [InlineData(AckGlobally, true)]
    [InlineData(0u, false)]
    public void Only_the_global_acknowledgement_waits_for_the_far_TLBs(uint ack, bool waits)
    {
        using var gpu = NewGpu();
        gpu.Mmu.Translate(0x1000, 0);
        gpu.Faults.TlbGlobalLag = 50_000;
        Invalidate(gpu, 0x1000, 1 | ack);
        Assert.Equal(waits, (ReadControl(gpu) & Trigger) != 0);
        Assert.NotEqual(0, gpu.Mmu.CachedEntries);
        gpu.AdvanceTime(50_000);
        Assert.Equal(0u, ReadControl(gpu) & Trigger);
        Assert.Equal(0, gpu.Mmu.CachedEntries);
    }

    [Fact]
    public void A_hang_lasts_until_it_is_lifted()
    {
        using var gpu = NewGpu();
        gpu.Mmu.Translate(0x1000, 0);
        gpu.Faults.TlbHang = true;
        Invalidate(gpu, 0x1000, 1);
        gpu.AdvanceTime(1UL << 40);
        Assert.NotEqual(0u, ReadControl(gpu) & Trigger);
        Assert.NotEqual(0, gpu.Mmu.CachedEntries);
        gpu.Faults.Clear();
        Assert.Equal(0u, ReadControl(gpu) & Trigger);
        Assert.Equal(0, gpu.Mmu.CachedEntries);
    }

    private static SimulatedGpu NewGpu()
    {
        var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        gpu.PokeVram(0x1000, 0x202);
        gpu.PokeVram(0x2000, 0x302);
        gpu.PokeVram(0x3000, 0x402);
        gpu.PokeVram(0x4000 + 8, 0x502);
        gpu.PokeVram(0x5000, 0x8001);
        return gpu;
    }

    private static void Invalidate(SimulatedGpu gpu, ulong root, uint command)
    {
        gpu.TryWriteRegister(RootLow, (uint)(root >> 8));
        gpu.TryWriteRegister(Control, command | Trigger);
    }

    private static uint ReadControl(SimulatedGpu gpu)
    {
        gpu.TryReadRegister(Control, out uint value);
        return value;
    }
}
