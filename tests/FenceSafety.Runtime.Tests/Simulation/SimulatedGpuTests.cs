using FenceSafety.Runtime.Simulation;

namespace FenceSafety.Runtime.Tests.Simulation;

public class SimulatedGpuTests
{
    private const uint Aperture = 0x70_0000;

    [Theory]
    [InlineData(GpuArchitecture.Turing, 0x1700, 0x3FF_FFFF)]
    [InlineData(GpuArchitecture.Ampere, 0x1700, 0x3FF_FFFF)]
    [InlineData(GpuArchitecture.Ada, 0x1700, 0x3FF_FFFF)]
    [InlineData(GpuArchitecture.Hopper, 0x10FD40, 0x3F_FFFF)]
    [InlineData(GpuArchitecture.Blackwell, 0x10FD40, 0x7F_FFFF)]
    public void The_window_register_of_each_family_moves_the_aperture(GpuArchitecture architecture, uint register, uint wired)
    {
        using var gpu = new SimulatedGpu(architecture, 1 << 30);
        gpu.PokeVram(0x30_0000 + 0x18, 0x1234);
        Assert.True(gpu.TryWriteRegister(register, 0x30));
        Assert.True(gpu.TryReadAperture(Aperture + 0x18, 8, out ulong value));
        Assert.Equal(0x1234UL, value);
        gpu.TryWriteRegister(register, uint.MaxValue);
        gpu.TryReadRegister(register, out uint back);
        Assert.Equal(wired, back);
        Assert.False(gpu.TryReadAperture(Aperture, 8, out _));

        uint other = register == 0x1700u ? 0x10FD40u : 0x1700u;
        gpu.TryWriteRegister(other, 0x55);
        gpu.TryReadRegister(other, out uint unknown);
        Assert.Equal(SimulatedGpu.UnknownRegisterValue, unknown);
        Assert.Equal(2, gpu.Counters.UnknownRegisters);
    }

    [Fact]
    public void A_window_on_system_memory_shows_no_video_memory()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        gpu.TryWriteRegister(0x1700, 2u << 24);
        Assert.False(gpu.TryWriteAperture(Aperture, 8, 1));
        gpu.TryWriteRegister(0x1700, 0);
        Assert.True(gpu.TryWriteAperture(Aperture, 8, 1));
    }

    [Fact]
    public void An_injected_failure_at_word_k_leaves_exactly_k_words_written()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        gpu.Faults.FailWriteAfter(5);
        Assert.Equal(5, gpu.WriteAperture64(Aperture, Enumerable.Repeat(7UL, 16).ToArray()));
        Assert.Equal(7UL, gpu.PeekVram(4 * 8));
        Assert.Equal(0UL, gpu.PeekVram(5 * 8));
        Assert.Equal(1, gpu.Faults.Failures);
        Assert.Equal(16, gpu.FillAperture64(Aperture, 16, 9));
        Assert.Equal(9UL, gpu.PeekVram(15 * 8));
        Assert.Equal(21, gpu.Counters.WordsWritten);
    }

    [Fact]
    public void Reads_and_register_writes_fail_on_demand_and_then_work_again()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 20);
        gpu.Faults.FailReadAfter(1, failures: 2);
        Assert.True(gpu.TryReadAperture(Aperture, 8, out _));
        Assert.False(gpu.TryReadAperture(Aperture, 8, out _));
        Assert.Equal(0, gpu.ReadAperture64(Aperture, new ulong[4]));
        Assert.Equal(4, gpu.ReadAperture64(Aperture, new ulong[4]));
        gpu.Faults.FailRegisterWriteAfter(0);
        Assert.False(gpu.TryWriteRegister(0x1700, 1));
        Assert.True(gpu.TryWriteRegister(0x1700, 1));
        Assert.Equal(1, gpu.Counters.WindowMoves);
    }

    [Fact]
    public void A_run_stops_at_the_end_of_the_memory()
    {
        using var gpu = new SimulatedGpu(GpuArchitecture.Turing, 1 << 16);
        Assert.Equal(2, gpu.WriteAperture64(Aperture + 0xFFF0, new ulong[4]));
        Assert.False(gpu.TryWriteAperture(Aperture + 0x1_0000, 1, 0));
        Assert.False(gpu.TryReadAperture(Aperture + 2, 4, out _));
        Assert.False(gpu.TryReadAperture(Aperture - 8, 8, out _));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x1_0001UL)]
    [InlineData(SimulatedGpu.MaxVramSize + 0x1_0000)]
    public void A_size_that_cannot_be_is_refused(ulong size) =>
        Assert.Throws<ArgumentOutOfRangeException>("vramSize", () => new SimulatedGpu(GpuArchitecture.Turing, size));

    [Fact]
    public void An_unknown_family_and_a_misaligned_peek_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("architecture", () => new SimulatedGpu((GpuArchitecture)9, 1 << 20));
        using var gpu = new SimulatedGpu(GpuArchitecture.Ada, 1 << 20);
        Assert.Throws<ArgumentOutOfRangeException>("address", () => gpu.PeekVram(4));
        Assert.Throws<ArgumentOutOfRangeException>("address", () => gpu.PokeVram(1 << 20, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => gpu.Faults.FailWriteAfter(-1));
        Assert.Throws<ArgumentOutOfRangeException>("failures", () => gpu.Faults.FailWriteAfter(0, 0));
    }
}
